// A form with a file and no threshold. Go sends header names in its own case: App_id.
package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"os"
)

func main() {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("selfie", "selfie.jpg")
	image, _ := os.ReadFile(os.Getenv("IMAGE_FILE"))
	part.Write(image)
	form.Close()
	request, _ := http.NewRequest("POST", os.Getenv("BASE_URL")+"/v0.1/liveness-verification", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	request.Header.Set("app_id", os.Getenv("API_KEY_ID"))
	request.Header.Set("app_key", os.Getenv("API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	io.Copy(os.Stdout, response.Body)
}
