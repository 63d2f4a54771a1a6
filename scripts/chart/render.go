// Renders the Helm chart with the template engine and the functions that Helm has, for tests without Helm:
//
//	go run render.go CHART RELEASE VALUES.json
//
// VALUES.json holds the chart's values with those of the test merged in. Prints the documents with their files.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

func main() {
	chart, release := os.Args[1], os.Args[2]
	values, meta := map[string]any{}, map[string]any{}
	read(os.Args[3], func(text []byte) error { return json.Unmarshal(text, &values) })
	read(filepath.Join(chart, "Chart.yaml"), func(text []byte) error { return yaml.Unmarshal(text, &meta) })

	templates := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, data any) (string, error) {
		var text bytes.Buffer
		err := templates.ExecuteTemplate(&text, name, data)
		return text.String(), err
	}
	functions["toYaml"] = func(value any) (string, error) {
		text, err := yaml.Marshal(value)
		return strings.TrimSuffix(string(text), "\n"), err
	}
	functions["fromYaml"] = func(text string) (map[string]any, error) {
		value := map[string]any{}
		return value, yaml.Unmarshal([]byte(text), &value)
	}
	templates.Funcs(functions)

	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	check(err)
	for _, file := range files {
		read(file, func(text []byte) error {
			_, err := templates.New(filepath.Base(file)).Parse(string(text))
			return err
		})
	}
	data := map[string]any{
		"Values":  values,
		"Chart":   map[string]any{"Name": meta["name"], "AppVersion": meta["appVersion"], "Version": meta["version"]},
		"Release": map[string]any{"Name": release, "Namespace": "default", "Service": "Helm"},
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".yaml") {
			fmt.Printf("---\n# Source: %s\n", filepath.Base(file))
			check(templates.ExecuteTemplate(os.Stdout, filepath.Base(file), data))
			fmt.Println()
		}
	}
}

func read(file string, use func([]byte) error) {
	text, err := os.ReadFile(file)
	check(err)
	check(use(text))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
