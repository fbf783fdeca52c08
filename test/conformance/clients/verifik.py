# One image as a data URI.
import base64, json, os, requests
with open(os.environ["IMAGE_FILE"], "rb") as file:
    image = "data:image/jpeg;base64," + base64.b64encode(file.read()).decode()
response = requests.post(
    os.environ["BASE_URL"] + "/v2/face-recognition/liveness",
    json={"os": "IOS", "image": image},
    headers={"Authorization": "Bearer " + os.environ["API_KEY"]},
)
print(json.dumps(response.json()))
