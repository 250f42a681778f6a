package synth

import (
	"bytes"
	"image/png"

	"pingyi/scans/raster"
)

// Deliver passes a scanned picture on as a reader gets it: through a JPEG where the scanner made one, and
// reduced by the decoder to no less than minDPI.
func Deliver(img *raster.Image, d Damage, minDPI float64) (*raster.Image, error) {
	data, err := encodeScan(img, d)
	if err != nil {
		return nil, err
	}
	doc, err := raster.Open("scan", data, raster.Options{MinDPI: minDPI})
	if err != nil {
		return nil, err
	}
	defer doc.Close()
	return doc.Page(0)
}

func encodeScan(img *raster.Image, d Damage) ([]byte, error) {
	if d.Quality > 0 {
		return raster.EncodeJPEG(img, d.Quality)
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, img.Gray())
	return b.Bytes(), err
}
