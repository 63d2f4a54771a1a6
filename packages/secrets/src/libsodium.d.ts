// libsodium.js without its wrappers: C functions on addresses in the memory of the WebAssembly. A length of
// 64 bits is two numbers, its low half first. A test compares what they give with published results.
declare module 'libsodium' {
  type Address = number

  export interface Sodium {
    /** The memory. Replaced when it grows, which only `_malloc` makes it do. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>
    /** 0: there is no memory left. */
    _malloc(bytes: number): Address
    _free(at: Address): void
    _crypto_aead_xchacha20poly1305_ietf_encrypt(
      ciphertext: Address,
      ciphertextLength: Address,
      message: Address,
      messageLength: number,
      messageLengthHigh: number,
      additionalData: Address,
      additionalDataLength: number,
      additionalDataLengthHigh: number,
      unused: Address,
      nonce: Address,
      key: Address,
    ): number
    /** Returns another number than 0 when the tag does not fit. Then nothing is decrypted. */
    _crypto_aead_xchacha20poly1305_ietf_decrypt(
      message: Address,
      messageLength: Address,
      unused: Address,
      ciphertext: Address,
      ciphertextLength: number,
      ciphertextLengthHigh: number,
      additionalData: Address,
      additionalDataLength: number,
      additionalDataLengthHigh: number,
      nonce: Address,
      key: Address,
    ): number
  }

  export default function createSodium(): Promise<Sodium>
}
