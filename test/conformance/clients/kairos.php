<?php
// A form with a file and a threshold; headers with hyphens.
$curl = curl_init(getenv("BASE_URL") . "/v0.2/liveness-verification");
curl_setopt($curl, CURLOPT_HTTPHEADER, ["app-id: " . getenv("API_KEY_ID"), "app-key: " . getenv("API_KEY")]);
curl_setopt($curl, CURLOPT_POSTFIELDS, ["selfie" => new CURLFile(getenv("IMAGE_FILE")), "threshold" => "0.6"]);
curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
echo curl_exec($curl);
