// People with the client library of Element and its Rust crypto, who neither read nor write to devices that are not cross-signed.
//
// A JSON object a line. In: {id, person, do, ...}; out: {id, result} or {id, error}, and {person, event} or {person, invite} for what they
// see. They go when the input ends.
import { createDecipheriv, createHash, randomUUID } from "node:crypto";
import { createInterface } from "node:readline";

import { OnlySignedDevicesIsolationMode, sdk } from "./sdk.mjs";
import { witness } from "./witness.mjs";

const people = new Map();
const tell = (said) => process.stdout.write(JSON.stringify(said) + "\n");

// The relation of an encrypted event stands outside of what is encrypted, and only there.
function shown(event) {
    const wire = event.getWireContent();
    const readable = !event.isEncrypted() || (event.getClearContent() !== null && !event.isDecryptionFailure());
    const content = event.isEncrypted() ? { ...event.getClearContent(), "m.relates_to": wire["m.relates_to"] } : wire;
    return {
        room: event.getRoomId(), id: event.getId(), sender: event.getSender(), kind: event.getType(), state_key: event.getStateKey() ?? null,
        content, encrypted: event.isEncrypted(), readable, failure: event.decryptionFailureReason ?? "",
    };
}

const deeds = {
    async open({ person, url, user_id, device_id, access_token }) {
        const client = sdk.createClient({ baseUrl: url, userId: user_id, deviceId: device_id, accessToken: access_token });
        people.set(person, client);
        await client.initRustCrypto({ useIndexedDB: false });
        const crypto = client.getCrypto();
        crypto.setDeviceIsolationMode(new OnlySignedDevicesIsolationMode());
        await crypto.bootstrapCrossSigning({ authUploadDeviceSigningKeys: (upload) => upload(null) });
        const see = (event) => event.getRoomId() && event.getId() && tell({ person, event: shown(event) });
        client.on(sdk.ClientEvent.Event, see);
        client.on(sdk.MatrixEventEvent.Decrypted, see);
        client.on(sdk.RoomEvent.MyMembership, (room, membership) => membership === "invite" && tell({ person, invite: room.roomId }));
        const ready = new Promise((done) => client.on(sdk.ClientEvent.Sync, (state) => state === "PREPARED" && done()));
        await client.startClient({ initialSyncLimit: 200, lazyLoadMembers: false });
        await ready;
    },

    async send({ person, room, kind, content }) {
        const client = people.get(person);
        // Only then it is known whether the room is encrypted.
        await until(client, sdk.ClientEvent.Sync, () => client.getRoom(room)?.getMyMembership() === "join");
        return (await client.sendEvent(room, kind, content)).event_id;
    },

    // Everything that the homeserver had before is shown, as far as it can be read.
    async settle({ person }) {
        const client = people.get(person);
        const mark = randomUUID();
        const marked = until(client, sdk.ClientEvent.Sync, () => client.getAccountData("lab.mark")?.getContent().mark === mark);
        await client.http.authedRequest("PUT", `/user/${encodeURIComponent(person)}/account_data/lab.mark`, undefined, { mark });
        await marked;
        const events = client.getRooms().flatMap((room) => room.getLiveTimeline().getEvents());
        await Promise.all(events.map((event) => event.getDecryptionPromise()));
    },

    // An encrypted attachment, as the specification's EncryptedFile describes it.
    async read({ person, file }) {
        const client = people.get(person);
        const answer = await fetch(client.mxcUrlToHttp(file.url, undefined, undefined, undefined, false, true, true), {
            headers: { Authorization: `Bearer ${client.getAccessToken()}` },
        });
        const hidden = Buffer.from(await answer.arrayBuffer());
        const hash = createHash("sha256").update(hidden).digest("base64").replace(/=+$/, "");
        if (hash !== file.hashes.sha256) throw new Error("the file is another one than its hash says");
        const opened = createDecipheriv("aes-256-ctr", Buffer.from(file.key.k, "base64url"), Buffer.from(file.iv, "base64"));
        return Buffer.concat([opened.update(hidden), opened.final()]).toString("base64");
    },

    ...witness(people),
};

// Done when something is so, which may change with an event of the client.
function until(client, event, so) {
    if (so()) return undefined;
    return new Promise((done) => {
        const look = () => so() && (client.off(event, look), done());
        client.on(event, look);
    });
}

const asked = createInterface({ input: process.stdin });
asked.on("line", async (line) => {
    const { id, do: deed, ...given } = JSON.parse(line);
    try {
        tell({ id, result: (await deeds[deed](given)) ?? null });
    } catch (error) {
        tell({ id, error: String(error) });
    }
});
asked.on("close", () => process.exit());
