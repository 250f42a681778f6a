// Package raster holds gray pictures: decoding of JPEG, PNG, TIFF and PDF, the parts of a ZIP, and the
// few pixel operations that the reader's stages share. It knows nothing of ballots.
//
// A picture is whole or refused: what is missing from a scan that ends early would be read as blank
// boxes, so whatever a decoder says of damage ends the page. Sizes are checked from headers before any
// memory is taken. Errors are *Error, with a stable code.
//
// Everything here that touches outside bytes runs C code or a WebAssembly sandbox, and belongs in a
// child process.
package raster
