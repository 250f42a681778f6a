// Package jobs takes paper from the scanner to the closed batch: uploads are spooled, River jobs have
// their pages read by child processes a chunk at a time, and closing shuffles what was read and destroys
// every trace of its order. Work resumes after a kill at any moment, and doing a job twice changes
// nothing.
package jobs
