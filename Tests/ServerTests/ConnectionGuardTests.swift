import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import Server

/// Time passes when the tests say so.
@Suite struct ConnectionGuardTests {
  private func channel() throws -> EmbeddedChannel {
    var limits = ConnectionLimits()
    limits.requestTime = .seconds(60)
    limits.stallTime = .seconds(30)
    let channel = EmbeddedChannel()
    try channel.pipeline.syncOperations.addHandler(ConnectionGuard(limits))
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 80)).wait()
    return channel
  }

  private func send(_ parts: HTTPRequestPart..., to channel: EmbeddedChannel) throws {
    for part in parts { try channel.writeInbound(part) }
  }

  private let head = HTTPRequestPart.head(HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/v1/statement"))

  @Test func requestsMustBeWhole() throws {
    let channel = try channel()
    try send(head, to: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(59))
    try send(.body(ByteBuffer(string: "SELECT")), to: channel)
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  /// However long the answer takes; and the next request has its time anew.
  @Test func answersMayTakeTheirTime() throws {
    let channel = try channel()
    try send(head, .body(ByteBuffer(string: "SELECT 1")), .end(nil), to: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(600))
    #expect(channel.isActive)
    try channel.writeOutbound(ByteBuffer(string: "answer"))
    try send(head, to: channel)
    channel.embeddedEventLoop.advanceTime(by: .seconds(59))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }

  @Test func clientsMustTakeTheirAnswers() throws {
    let channel = try channel()
    try send(head, .end(nil), to: channel)
    channel.isWritable = false
    channel.pipeline.fireChannelWritabilityChanged()
    channel.embeddedEventLoop.advanceTime(by: .seconds(29))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }
}
