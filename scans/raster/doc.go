// Package raster holds gray pictures: decoding of JPEG, PNG, TIFF and PDF, the parts of a ZIP, and the
// few pixel operations that the reader's stages share. It knows nothing of ballots.
//
// Everything here that touches outside bytes runs C code or a WebAssembly sandbox, and belongs in a
// child process.
package raster
