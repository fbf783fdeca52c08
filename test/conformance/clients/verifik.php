<?php
// One image as base64. Without Content-Type curl would call the body a form.
$curl = curl_init(getenv("BASE_URL") . "/v2/face-recognition/liveness");
curl_setopt($curl, CURLOPT_HTTPHEADER, ["Content-Type: application/json", "Authorization: Bearer " . getenv("API_KEY")]);
curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode([
    "os" => "ANDROID",
    "image" => base64_encode(file_get_contents(getenv("IMAGE_FILE"))),
    "liveness_min_score" => 0.6,
]));
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
echo curl_exec($curl);
