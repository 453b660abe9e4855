import ssh2 from 'ssh2';

/** Of the Ed25519 keys that ssh2 makes, a few in a thousand are malformed: these can be read again. */
export function ed25519KeyPair(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
