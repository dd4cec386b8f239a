// The library of Element, from the folder that the tests name. What it says to the console would be read as an answer.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

for (const level of ["trace", "debug", "log", "info", "warn", "error"]) {
    console[level] = (...words) => process.stderr.write(words.map(String).join(" ") + "\n");
}
const entry = join(process.env.COALITION_TEST_MATRIX_JS, "node_modules", "matrix-js-sdk", "lib");
const from = (...path) => import(pathToFileURL(join(entry, ...path)));

export const sdk = await from("index.js");
export const { CryptoEvent, decodeRecoveryKey, OnlySignedDevicesIsolationMode } = await from("crypto-api", "index.js");
