/// Tokens made with OpenSSL and Python: `sub` ana, issuer https://issuer, for presto and x, valid from 1000 to 2000.
enum TokenFixtures {
  static let rsa = [
    "eyJhbGciOiAiUlMyNTYifQ.eyJzdWIiOiAiYW5hIiwgImlzcyI6ICJodHRwczovL2lzc3VlciIsICJhdWQiOiBbInByZXN0byIsICJ4Il0sICJ",
    "leHAiOiAyMDAwLCAibmJmIjogMTAwMCwgImVtYWlsIjogImFuYUBleGFtcGxlLmNvbSJ9.eECMPnG2dNbBlojSGtHQH1eHkP7LBM3X1UKrewa0",
    "DZWfhuMpQ6gGU3i5XBZvol5Fs5vmTaQcQpjyRG3w7Hb_BMqmliDlvcgZVPmzjDOacCLT_VJ1OddYGGv-AzudVYLu61Y2bmw_PW2U4VW5xoPQTT",
    "gUhc31PfEuhyJROuwPR6fS9PsXMiST41rcDWS2tKflpQhHSMyFfFqnWDhhJfjS2vBk3oSIo9BZmJBBDQOcP1BgvZJr8bMJMjoxd-MEph68LvsV",
    "n_fXecQVg9ePjOGDCS_SY9dQI6H3Ryn0nS_PGXILd0AUmVBA5uSc8RuPt4h55EsgNcbKagvK1kzqwc7sdQ",
  ].joined()

  /// Its `kid` is k2.
  static let ellipticCurve = [
    "eyJhbGciOiAiRVMyNTYiLCAia2lkIjogImsyIn0.eyJzdWIiOiAiYW5hIiwgImlzcyI6ICJodHRwczovL2lzc3VlciIsICJhdWQiOiBbInByZX",
    "N0byIsICJ4Il0sICJleHAiOiAyMDAwLCAibmJmIjogMTAwMCwgImVtYWlsIjogImFuYUBleGFtcGxlLmNvbSJ9.g2cF08SyvbsDacw3vt-_gkK",
    "BhAh73OygWEmuso8FWhefMxbkEHzTRClBKzESPA7_xPwZKmrNgJrXK308yb-hRA",
  ].joined()

  /// HS512 under 0123456789abcdef0123456789abcdef.
  static let secret = [
    "eyJhbGciOiAiSFM1MTIifQ.eyJzdWIiOiAiYW5hIiwgImlzcyI6ICJodHRwczovL2lzc3VlciIsICJhdWQiOiBbInByZXN0byIsICJ4Il0sICJ",
    "leHAiOiAyMDAwLCAibmJmIjogMTAwMCwgImVtYWlsIjogImFuYUBleGFtcGxlLmNvbSJ9.-CxmtDY8j8ttKoXEKDj55kxLFQQJbhK3GiYHtMQS",
    "BZ3sJUHZjA7QmyCMyaqCV4WgMLQANlnzsYXQEBUUSFmP1Q",
  ].joined()

  /// HS256 under the text of the RSA key's PEM.
  static let confusion = [
    "eyJhbGciOiAiSFMyNTYifQ.eyJzdWIiOiAiYW5hIiwgImlzcyI6ICJodHRwczovL2lzc3VlciIsICJhdWQiOiBbInByZXN0byIsICJ4Il0sICJ",
    "leHAiOiAyMDAwLCAibmJmIjogMTAwMCwgImVtYWlsIjogImFuYUBleGFtcGxlLmNvbSJ9.dZDfORGXjISzNIbSkDyrA6E8Q2NGqy0bA2f-wKrh",
    "sdE",
  ].joined()

  static let rsaKey = """
    -----BEGIN PUBLIC KEY-----
    MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsnKkx2hZlqyBGTG/S0U7
    7A55qi9OtlMoWjCj/o54pQusyOO/DRTDZhIZ4qvBovNUZgVOyjVE9VLqsguAQh0S
    FI4WJnCILv9PrlaXOGNGoRbK2ylwQ2HsCyXMQvr1exuf/MxM30u+7tLE7dNOKxSw
    FZmSZ7hSA+JSVWJzS3jFhkyRDcVRk7MuwuUE9xpI4q3WZ98LWHcI4xqycXTt2VC/
    ujGFGJIfgJ6K2w0uRgLMwOggFlewdU9sLk4upfcIyQIHxz3qlP8qG6UV1PmNplQ0
    ar5yWNKJgdvhrg1Rj1Rw1Aj1x+VrBsbiDBr6sZc/+qO1BxyUyTF1dneleCJaU8d5
    AwIDAQAB
    -----END PUBLIC KEY-----
    """

  /// O=acme, OU=sales, CN=ana, with the key of `ellipticCurve`.
  static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBsTCCAVegAwIBAgIUP2kBHb+v8Iz40pL2FxRbur/VcbUwCgYIKoZIzj0EAwIw
    LTENMAsGA1UECgwEYWNtZTEOMAwGA1UECwwFc2FsZXMxDDAKBgNVBAMMA2FuYTAg
    Fw0yNjExMjEwODQ4NTdaGA8yMTI2MTAyODA4NDg1N1owLTENMAsGA1UECgwEYWNt
    ZTEOMAwGA1UECwwFc2FsZXMxDDAKBgNVBAMMA2FuYTBZMBMGByqGSM49AgEGCCqG
    SM49AwEHA0IABIGB3hnNhN1JdvpkKidSSHxEtjuLcKoIbb2k2f0Rr15QuOHSEATK
    W7+wbZGCe7hZ6hOoZ9hdzuJ3NMeVVVwBuzujUzBRMB0GA1UdDgQWBBSTyZmJ8/O+
    vohU2+42ynNCfo5rCzAfBgNVHSMEGDAWgBSTyZmJ8/O+vohU2+42ynNCfo5rCzAP
    BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQC1U8Dlf5mxIrxtFdm0
    gFeWFrCWACK57TdmabGxWZHqqQIgPvL/Q/g9Ol7DjQ/AtKAeSygH0aCqdY2bJG1m
    /rX07OI=
    -----END CERTIFICATE-----
    """

  static let certificateBytes = [
    "MIIBsTCCAVegAwIBAgIUP2kBHb+v8Iz40pL2FxRbur/VcbUwCgYIKoZIzj0EAwIwLTENMAsGA1UECgwEYWNtZTEOMAwGA1UECwwFc2FsZXMxDD",
    "AKBgNVBAMMA2FuYTAgFw0yNjExMjEwODQ4NTdaGA8yMTI2MTAyODA4NDg1N1owLTENMAsGA1UECgwEYWNtZTEOMAwGA1UECwwFc2FsZXMxDDAK",
    "BgNVBAMMA2FuYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIGB3hnNhN1JdvpkKidSSHxEtjuLcKoIbb2k2f0Rr15QuOHSEATKW7+wbZGCe7",
    "hZ6hOoZ9hdzuJ3NMeVVVwBuzujUzBRMB0GA1UdDgQWBBSTyZmJ8/O+vohU2+42ynNCfo5rCzAfBgNVHSMEGDAWgBSTyZmJ8/O+vohU2+42ynNC",
    "fo5rCzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQC1U8Dlf5mxIrxtFdm0gFeWFrCWACK57TdmabGxWZHqqQIgPvL/Q/g9Ol",
    "7DjQ/AtKAeSygH0aCqdY2bJG1m/rX07OI=",
  ].joined()

  static let modulus = [
    "snKkx2hZlqyBGTG_S0U77A55qi9OtlMoWjCj_o54pQusyOO_DRTDZhIZ4qvBovNUZgVOyjVE9VLqsguAQh0SFI4WJnCILv9PrlaXOGNGoRbK2y",
    "lwQ2HsCyXMQvr1exuf_MxM30u-7tLE7dNOKxSwFZmSZ7hSA-JSVWJzS3jFhkyRDcVRk7MuwuUE9xpI4q3WZ98LWHcI4xqycXTt2VC_ujGFGJIf",
    "gJ6K2w0uRgLMwOggFlewdU9sLk4upfcIyQIHxz3qlP8qG6UV1PmNplQ0ar5yWNKJgdvhrg1Rj1Rw1Aj1x-VrBsbiDBr6sZc_-qO1BxyUyTF1dn",
    "eleCJaU8d5Aw",
  ].joined()

  static let x = "gYHeGc2E3Ul2-mQqJ1JIfES2O4twqghtvaTZ_RGvXlA"
  static let y = "uOHSEATKW7-wbZGCe7hZ6hOoZ9hdzuJ3NMeVVVwBuzs"
  /// Of the password sëcret.
  static let pbkdf2 = "1000:aabbcc00112233:1419a73597ab101cd476d2c41c94e4567604ef40"
}
