// Package ocr reads printed text from gray crops by Tesseract. It knows neither ballots nor pages.
//
// A fault or an endless loop in that library must end no more than the reading of one crop: an Engine works in
// a child process of its own (`pingyi ocr-worker`, Serve), and readers talk to it by a Client.
package ocr
