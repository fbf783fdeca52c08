// One image by URL.
package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
)

func main() {
	body, _ := json.Marshal(map[string]interface{}{"os": "DESKTOP", "image": os.Getenv("IMAGE_URL"), "liveness_min_score": 0.6})
	request, _ := http.NewRequest("POST", os.Getenv("BASE_URL")+"/v2/face-recognition/liveness", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+os.Getenv("API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	io.Copy(os.Stdout, response.Body)
}
