import Glibc
import Settings
import Testing
import Values

@testable import ObjectStore

/// Signatures, keys, plans of requests and listings, without a store.
@Suite struct StoreTests {
  /// Amazon's own examples: "Signature Calculations for the Authorization Header", Amazon S3 API Reference.
  @Test func signaturesAreAmazons() {
    let example = S3Signature(
      credentials: S3Credentials(accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", time: 1_369_353_600)
    func signature(_ method: String, _ path: String, _ query: String, _ headers: [(String, String)], _ body: String = "") -> String {
      let all = example.headers(
        method, host: "examplebucket.s3.amazonaws.com", path: path, query: query, headers, body: Array(body.utf8))
      return String(all.last?.value.suffix(64) ?? "")
    }
    #expect(
      signature("GET", "/test.txt", "", [("Range", "bytes=0-9")]) == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    #expect(
      signature(
        "PUT", "/test%24file.text", "",
        [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")], "Welcome to Amazon S3.")
        == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    #expect(signature("GET", "/", "lifecycle=", []) == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    #expect(
      signature("GET", "/", "max-keys=2&prefix=J", []) == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  @Test func nearRangesGoTogetherAndLongOnesApart() {
    #expect(RangePlan.requests(for: [50..<60, 0..<10, 5..<20, 30..<30], gap: 10, largest: 100) == [0..<20, 50..<60])
    #expect(RangePlan.requests(for: [0..<10, 20..<30], gap: 10, largest: 100) == [0..<30])
    #expect(RangePlan.requests(for: [0..<250], gap: 10, largest: 100) == [0..<84, 84..<168, 168..<250])
    #expect(RangePlan.requests(for: []).isEmpty)
  }

  private func configuration(_ properties: [String: String], _ environment: [String: String] = [:]) throws -> S3Configuration {
    try S3Configuration(Properties(properties, origin: "test.properties"), environment: { environment[$0] })
  }

  @Test func keysComeFromPropertiesThenTheEnvironmentThenAProfile() throws {
    let folder = "/tmp/minipresto-aws-\(getpid())-\(UInt64.random(in: 0 ... .max))"
    try LocalStore.createFolder(folder)
    defer { try? LocalStore.removeTree(folder) }
    func write(_ name: String, _ text: String) {
      guard let file = fopen(folder + "/" + name, "w") else { return }
      fputs(text, file)
      fclose(file)
    }
    write(
      "credentials",
      "[default]\naws_access_key_id = D\naws_secret_access_key=d\n\n[work]\naws_access_key_id=W\naws_secret_access_key = w=/\n")
    write("config", "[profile work]\nregion = eu-west-3\n")
    let files = ["AWS_SHARED_CREDENTIALS_FILE": folder + "/credentials", "AWS_CONFIG_FILE": folder + "/config"]
    let environment = files.merging(["AWS_ACCESS_KEY_ID": "E", "AWS_SECRET_ACCESS_KEY": "e", "AWS_SESSION_TOKEN": "t"]) { a, _ in a }
    let properties = ["s3.aws-access-key": "P", "s3.aws-secret-key": "p"]
    #expect(try configuration(properties, environment).credentials == S3Credentials(accessKey: "P", secretKey: "p"))
    #expect(try configuration([:], environment).credentials == S3Credentials(accessKey: "E", secretKey: "e", sessionToken: "t"))
    #expect(try configuration([:], files).credentials == S3Credentials(accessKey: "D", secretKey: "d"))
    let work = try configuration(["s3.profile": "work"], environment)
    #expect(work.credentials == S3Credentials(accessKey: "W", secretKey: "w=/"))
    #expect(work.region == "eu-west-3")
    #expect(try configuration([:]).credentials == nil)
    #expect(throws: PrestoError.self) { try configuration(["s3.profile": "none"], environment) }
    #expect(throws: PrestoError.self) { try configuration(["s3.aws-access-key": "P"]) }
    #expect("\(S3Credentials(accessKey: "P", secretKey: "p"))" == "credentials")
  }

  @Test func bucketsStandInTheHostOrInThePath() throws {
    func place(_ properties: [String: String], _ path: String) throws -> String {
      let configuration = try configuration(properties)
      let (host, path) = configuration.place(try #require(S3Location(path)))
      return "\(configuration.scheme)://\(host)\(path)"
    }
    #expect(try place([:], "s3://b/k/x") == "https://b.s3.us-east-1.amazonaws.com/k/x")
    #expect(try place(["s3.region": "eu-west-1"], "s3a://b.c/k") == "https://s3.eu-west-1.amazonaws.com/b.c/k")
    #expect(try place(["s3.endpoint": "http://127.0.0.1:9000/"], "s3://b/k") == "http://127.0.0.1:9000/b/k")
    #expect(
      try place(["s3.endpoint": "https://store.example", "s3.path-style-access": "false"], "s3://b/k") == "https://b.store.example/k")
    #expect(try place(["hive.s3.endpoint": "store.example", "hive.s3.ssl.enabled": "false"], "s3://b") == "http://store.example/b/")
    for endpoint in ["http://me:secret@host", "http://host/path", "http://", "ftp://host"] {
      let error = #expect(throws: PrestoError.self) { try configuration(["s3.endpoint": endpoint]) }
      #expect(error?.message.contains("secret") == false)
    }
    for path in ["s3://", "s3:///k", "s3://a b/k", "s3://../k", "/s3://b"] { #expect(S3Location(path) == nil) }
  }

  @Test func answersThatMakeNoSenseAreNone() throws {
    let text = """
      <?xml version="1.0"?><ListBucketResult xmlns="x"><Name>b</Name><IsTruncated>true</IsTruncated>
      <NextContinuationToken>t&amp;1</NextContinuationToken><Contents><Key>a&#x2F;&lt;b&gt;</Key><Size>7</Size>
      <LastModified>2026-01-31T12:00:01.500Z</LastModified><ETag>&quot;e&quot;</ETag></Contents><Empty/></ListBucketResult>
      """
    let listing = try #require(S3Listing(Array(text.utf8), bucket: "b"))
    #expect(listing.token == "t&1")
    #expect(listing.entries.map(\.entry) == [ObjectEntry(path: "s3://b/a/<b>", size: 7, modified: 1_769_860_801_000_000_000, tag: "\"e\"")])
    #expect(S3Time.nanoseconds("Sat, 31 Jan 2026 12:00:01 GMT") == 1_769_860_801_000_000_000)
    // cut anywhere, or with any byte another, it is an answer or none, and never a crash
    let bytes = Array(text.utf8)
    for end in bytes.indices { #expect(S3Listing(Array(bytes[..<end]), bucket: "b") == nil) }
    for place in bytes.indices {
      var other = bytes
      other[place] = 60
      _ = S3Listing(other, bucket: "b")
    }
    let negative = text.replacing("<Size>7</Size>", with: "<Size>-7</Size>")
    #expect(S3Listing(Array(negative.utf8), bucket: "b") == nil)
  }
}
