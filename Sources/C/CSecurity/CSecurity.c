#define _GNU_SOURCE
#include "CSecurity.h"

#include <crypt.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

int mp_crypt_matches(const char *password, const char *hash) {
  // 32 kB: too much for a small stack
  struct crypt_data *data = calloc(1, sizeof(struct crypt_data));
  if (!data) return -1;
  const char *result = crypt_r(password, hash, data);
  int answer = -1;
  if (result && result[0] != '*') {
    size_t length = strlen(hash);
    answer = strlen(result) == length && CRYPTO_memcmp(result, hash, length) == 0;
  }
  OPENSSL_cleanse(data, sizeof(struct crypt_data));
  free(data);
  return answer;
}

int mp_pbkdf2_sha1(
  const uint8_t *password, size_t length, const uint8_t *salt, size_t saltLength, int iterations, uint8_t *out, size_t outLength) {
  return PKCS5_PBKDF2_HMAC((const char *)password, (int)length, salt, (int)saltLength, iterations, EVP_sha1(), (int)outLength, out);
}

static const EVP_MD *digest(int bits) {
  switch (bits) {
  case 256: return EVP_sha256();
  case 384: return EVP_sha384();
  case 512: return EVP_sha512();
  default: return NULL;
  }
}

int mp_hmac_sha(int bits, const uint8_t *key, size_t keyLength, const uint8_t *data, size_t length, uint8_t *out) {
  unsigned int written = 0;
  const EVP_MD *md = digest(bits);
  return md && HMAC(md, key, (int)keyLength, data, length, out, &written) != NULL;
}

int mp_equal(const uint8_t *a, const uint8_t *b, size_t length) { return CRYPTO_memcmp(a, b, length) == 0; }

void *mp_public_key_pem(const uint8_t *pem, size_t length) {
  BIO *bio = BIO_new_mem_buf(pem, (int)length);
  if (!bio) return NULL;
  EVP_PKEY *key = PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);
  if (!key) {
    (void)BIO_reset(bio);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    if (certificate) {
      key = X509_get_pubkey(certificate);
      X509_free(certificate);
    }
  }
  BIO_free(bio);
  return key;
}

static EVP_PKEY *from_parameters(const char *type, OSSL_PARAM_BLD *builder) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(builder);
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
  if (parameters && context && EVP_PKEY_fromdata_init(context) == 1)
    if (EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) key = NULL;
  EVP_PKEY_CTX_free(context);
  OSSL_PARAM_free(parameters);
  return key;
}

void *mp_public_key_rsa(const uint8_t *modulus, size_t modulusLength, const uint8_t *exponent, size_t exponentLength) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  BIGNUM *n = BN_bin2bn(modulus, (int)modulusLength, NULL), *e = BN_bin2bn(exponent, (int)exponentLength, NULL);
  if (builder && n && e && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n)
      && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e))
    key = from_parameters("RSA", builder);
  BN_free(n);
  BN_free(e);
  OSSL_PARAM_BLD_free(builder);
  return key;
}

void *mp_public_key_ec(const char *curve, const uint8_t *point, size_t length) {
  EVP_PKEY *key = NULL;
  OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
  if (builder && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0)
      && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point, length))
    key = from_parameters("EC", builder);
  OSSL_PARAM_BLD_free(builder);
  return key;
}

void mp_public_key_free(void *key) { EVP_PKEY_free(key); }

int mp_public_key_kind(void *key) {
  switch (EVP_PKEY_get_base_id(key)) {
  case EVP_PKEY_RSA: return 1;
  case EVP_PKEY_EC: return 2;
  default: return 0;
  }
}

int mp_verify(void *key, int bits, const uint8_t *data, size_t length, const uint8_t *signature, size_t signatureLength) {
  const EVP_MD *md = digest(bits);
  if (!md) return 0;
  uint8_t *encoded = NULL;
  int encodedLength = 0;
  if (mp_public_key_kind(key) == 2) {
    size_t half = (size_t)(EVP_PKEY_get_bits(key) + 7) / 8;
    if (signatureLength != 2 * half) return 0;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    if (!pair) return 0;
    BIGNUM *r = BN_bin2bn(signature, (int)half, NULL), *s = BN_bin2bn(signature + half, (int)half, NULL);
    if (!r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
      BN_free(r);
      BN_free(s);
      ECDSA_SIG_free(pair);
      return 0;
    }
    encodedLength = i2d_ECDSA_SIG(pair, &encoded);
    ECDSA_SIG_free(pair);
    if (encodedLength <= 0) return 0;
    signature = encoded;
    signatureLength = (size_t)encodedLength;
  }
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int isRight = context && EVP_DigestVerifyInit(context, NULL, md, NULL, key) == 1
                && EVP_DigestVerify(context, signature, signatureLength, data, length) == 1;
  EVP_MD_CTX_free(context);
  OPENSSL_free(encoded);
  return isRight;
}

size_t mp_certificate_subject(const uint8_t *der, size_t length, char *out, size_t outLength) {
  X509 *certificate = d2i_X509(NULL, &der, (long)length);
  if (!certificate) return 0;
  size_t written = 0;
  BIO *bio = BIO_new(BIO_s_mem());
  if (bio) {
    unsigned long flags = (XN_FLAG_RFC2253 & ~XN_FLAG_SEP_MASK & ~ASN1_STRFLGS_ESC_MSB) | XN_FLAG_SEP_CPLUS_SPC;
    X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0, flags);
    char *text = NULL;
    long size = BIO_get_mem_data(bio, &text);
    if (size > 0 && (size_t)size <= outLength) {
      memcpy(out, text, (size_t)size);
      written = (size_t)size;
    }
    BIO_free(bio);
  }
  X509_free(certificate);
  return written;
}
