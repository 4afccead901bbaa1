// Record what Kubernetes' YAML library reads: texts on standard input, the same with its answers on standard output.
//
//	go run . < texts.json > recorded.json
//
// texts.json is a list of {"name", "yaml"}; `strict` is added to each: the JSON of a strict decode, or ERR and why not.
// scripts/make_yaml_cases.py turns the result into test data.
package main

import (
	"encoding/json"
	"log"
	"os"

	"sigs.k8s.io/yaml"
)

type recorded struct {
	Name   string `json:"name"`
	YAML   string `json:"yaml"`
	Strict string `json:"strict"`
}

func main() {
	var cases []recorded
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		log.Fatal(err)
	}
	for index, each := range cases {
		value, err := yaml.YAMLToJSONStrict([]byte(each.YAML))
		cases[index].Strict = string(value)
		if err != nil {
			cases[index].Strict = "ERR " + err.Error()
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(cases); err != nil {
		log.Fatal(err)
	}
}
