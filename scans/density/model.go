package density

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

const (
	leastMark = 0.5  // mm² of black that the lightest ordinary mark comes to
	trifle    = 0.05 // mm² of black that is next to nothing
)

// Features of one target, in the order of FeatureNames.
type Features [7]float64

// FeatureNames say what each feature is; the weights file carries them.
var FeatureNames = [len(Features{})]string{
	"inside",  // logarithm of the ink inside the box
	"rim",     // logarithm of the ink within 1.25 mm outside it
	"outside", // logarithm of the ink in the rest of the window
	"peak",    // darkness of the darkest places in and about the box
	"tiles",   // share of 25 tiles in and about the box that hold ink
	"rival",   // logarithm of its ink against that of the row's next target
	"usual",   // logarithm of its ink against that of an ordinary mark on the page
}

func (m masses) features(rival, usual float64) Features {
	grow := func(v float64) float64 { return math.Log1p(v / trifle) }
	ratio := func(v float64) float64 { return math.Log((m.weight() + trifle) / (v + trifle)) }
	return Features{grow(m.zone[inside]), grow(m.zone[rim]), grow(m.zone[outside]), m.peak,
		float64(m.tiles) / (tilesAcross * tilesAcross), ratio(rival), ratio(usual)}
}

// Model is a logistic model: the probability of a mark is 1 / (1 + exp(-(bias + Σ weight·feature))).
type Model struct {
	Command string             `json:"command"` // that fitted it
	Bias    float64            `json:"bias"`
	Weights map[string]float64 `json:"weights"` // by name of the feature
	ordered Features
}

//go:embed weights.json
var weightsFile []byte

var fitted = mustModel(weightsFile)

func mustModel(data []byte) *Model {
	var file Model
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Sprintf("density: weights.json: %v", err)) // part of the program, covered by a test
	}
	m, err := NewModel(file.Bias, file.Weights)
	if err != nil {
		panic(fmt.Sprintf("density: weights.json: %v", err))
	}
	return m
}

// NewModel makes a model of a weight for each of FeatureNames.
func NewModel(bias float64, weights map[string]float64) (*Model, error) {
	m := &Model{Bias: bias, Weights: weights}
	for i, name := range FeatureNames {
		w, ok := weights[name]
		if !ok {
			return nil, fmt.Errorf("no weight of %q", name)
		}
		m.ordered[i] = w
	}
	return m, nil
}

// Probability is that of a mark at a target with such features.
func (m *Model) Probability(f Features) float64 {
	sum := m.Bias
	for i, v := range f {
		sum += m.ordered[i] * v
	}
	return 1 / (1 + math.Exp(-sum))
}
