#pragma once
#include <stddef.h>
#include <stdint.h>

// Password hashes and signatures, by libcrypt and by OpenSSL's libcrypto (which libpq brings along). No logic.

/// 1: the password has this crypt(3) hash; 0: it has not; -1: the hash is of no kind that is known here.
int mp_crypt_matches(const char *password, const char *hash);

/// 1: done.
int mp_pbkdf2_sha1(
  const uint8_t *password, size_t length, const uint8_t *salt, size_t saltLength, int iterations, uint8_t *out, size_t outLength);

/// `bits`: 256, 384 or 512. `out` has room for bits / 8 bytes. 1: done.
int mp_hmac_sha(int bits, const uint8_t *key, size_t keyLength, const uint8_t *data, size_t length, uint8_t *out);

/// 1: the same. In a time that depends on the length alone.
int mp_equal(const uint8_t *a, const uint8_t *b, size_t length);

/// A public key of PEM text: `PUBLIC KEY` or the key of a `CERTIFICATE`. NULL: it is none.
void *mp_public_key_pem(const uint8_t *pem, size_t length);
/// A public key of its big-endian numbers.
void *mp_public_key_rsa(const uint8_t *modulus, size_t modulusLength, const uint8_t *exponent, size_t exponentLength);
/// A point on `P-256`, `P-384` or `P-521`: 0x04, x, y.
void *mp_public_key_ec(const char *curve, const uint8_t *point, size_t length);
void mp_public_key_free(void *key);
/// 1: RSA; 2: elliptic curve; 0: another kind.
int mp_public_key_kind(void *key);

/// 1: the signature is right. RSA: PKCS#1 v1.5. Elliptic curves: r and s one after the other, as JWT has them.
int mp_verify(void *key, int bits, const uint8_t *data, size_t length, const uint8_t *signature, size_t signatureLength);

/// The subject of a DER certificate as `CN=ana, OU=sales, O=acme`. Returns its length, 0 when there is none or no room.
size_t mp_certificate_subject(const uint8_t *der, size_t length, char *out, size_t outLength);
