<?php
// One image by URL.
$curl = curl_init(getenv("BASE_URL") . "/api/onboarding/biometrics/face/liveliness_check/");
curl_setopt($curl, CURLOPT_HTTPHEADER, ["Content-Type: application/json", "x-access-token: " . getenv("API_KEY")]);
curl_setopt($curl, CURLOPT_POSTFIELDS, json_encode(["image" => getenv("IMAGE_URL")]));
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
echo curl_exec($curl);
