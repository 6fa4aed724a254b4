/** The SHA-256 of a file, piece by piece: WebCrypto wants a file whole in memory, and is not there without TLS. */
import { bytesToHex, sha256 } from "../verify/bytes";

export async function hashOf(file: Blob): Promise<string> {
  const hash = sha256.create();
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return bytesToHex(hash.digest());
    hash.update(value);
  }
}
