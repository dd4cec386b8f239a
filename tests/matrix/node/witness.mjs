// What the library of Element makes of the keys of somebody's account and of their secret storage.
import { CryptoEvent, decodeRecoveryKey, sdk } from "./sdk.mjs";

const NAMES = ["master", "self_signing", "user_signing"];
const NEWS = [CryptoEvent.DevicesUpdated, CryptoEvent.UserTrustStatusChanged];

// A device as this client sees it: as one that its owner has signed, of somebody who has other keys than before.
async function seen(client, user, device) {
    const [status, known] = [
        await client.getCrypto().getDeviceVerificationStatus(user, device), await client.getCrypto().getUserVerificationStatus(user)];
    return { signed: Boolean(status?.signedByOwner), changed: known.needsUserApproval };
}

async function signed(client, user, device) {
    for (;;) {
        const news = new Promise((done) => NEWS.forEach((kind) => client.once(kind, done)));
        const found = await seen(client, user, device);
        if (found.signed) return found;
        await news;
    }
}

// A device of its own of somebody's account, with a key for secret storage.
async function started({ person, url, device_id, access_token }, getSecretStorageKey) {
    const cryptoCallbacks = { getSecretStorageKey };
    const client = sdk.createClient({ baseUrl: url, userId: person, deviceId: device_id, accessToken: access_token, cryptoCallbacks });
    await client.initRustCrypto({ useIndexedDB: false });
    const ready = new Promise((done) => client.on(sdk.ClientEvent.Sync, (state) => state === "PREPARED" && done()));
    await client.startClient({ initialSyncLimit: 1 });
    await ready;
    return client;
}

export const witness = (people) => ({
    // How `person` sees a device of `user`.
    async look({ person, user, device }) {
        await people.get(person).getCrypto().getUserDeviceInfo([user], true);
        return seen(people.get(person), user, device);
    },

    // The same, as soon as it is signed.
    signed: ({ person, user, device }) => signed(people.get(person), user, device),

    // Whether a recovery key opens what is in secret storage, and a new device of the account is signed with that.
    async unlock({ recovery_key, ...device }) {
        const key = decodeRecoveryKey(recovery_key);
        const client = await started(device, async ({ keys }) => [Object.keys(keys)[0], key]);
        const [, description] = await client.secretStorage.getKey();
        const fits = await client.secretStorage.checkKey(key, description);
        const secrets = await Promise.all(NAMES.map((name) => client.secretStorage.get(`m.cross_signing.${name}`)));
        await client.getCrypto().userHasCrossSigningKeys(device.person, true);
        await client.getCrypto().bootstrapCrossSigning({});
        const own = await signed(client, device.person, device.device_id);
        client.stopClient();
        return { fits, secrets: secrets.map((one) => one.length), signed: own.signed };
    },

    // The recovery key of an account whose keys and secret storage are made here, as Element's “Set up recovery” does.
    async recovery(device) {
        const made = {};
        const client = await started(device, async ({ keys }) => [Object.keys(keys)[0], made.key.privateKey]);
        const crypto = client.getCrypto();
        await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(null) });
        const createSecretStorageKey = async () => (made.key = await crypto.createRecoveryKeyFromPassphrase());
        await crypto.bootstrapSecretStorage({ createSecretStorageKey, setupNewSecretStorage: true });
        client.stopClient();
        return made.key.encodedPrivateKey;
    },
});
