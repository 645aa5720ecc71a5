// The fake's cache of sessions. A client's session is found by its credentials and the name of the server, a server's by its credentials and what
// the client shows. Nothing is resumed with other credentials, without a name, or when its time is over.
#include "schannel-fake.hh"

namespace fake {
namespace {

constexpr uint32_t kUsualLifespan = 36'000'000;

bool IsGood(const Session& session, const Credentials& credentials, const std::u16string& target) {
  return session.is_resumable && session.credentials == credentials.number && session.target == target && Sys().now < session.end;
}

// Keeps a session that a full handshake made. It is kept where it may not be resumed too: a token can allow that later.
void Make(SecurityContext* context, const Credentials& credentials, const std::u16string& target) {
  Session session;
  session.credentials = credentials.number;
  session.target = target;
  session.has_id = Sys().version != 0x0304;
  session.is_resumable = !context->is_server || (credentials.flags & abi::kCredDisableReconnects) == 0;
  session.end = Sys().now + (credentials.lifespan == 0 ? kUsualLifespan : credentials.lifespan);
  session.peer = context->is_resumed ? Sys().sessions[context->session].peer : Sys().peer;
  context->session = ++Sys().last_number;
  Sys().sessions[context->session] = session;
}

}  // namespace

void FindSession(SecurityContext* context, const Credentials& credentials, const std::u16string& target) {
  if (!context->is_server && (target.empty() || !Sys().takes_sessions)) return;
  for (const auto& [number, session] : Sys().sessions) {
    if (context->is_server && number != Sys().shown_session) continue;
    if (!IsGood(session, credentials, target)) continue;
    context->session = number;
    context->is_resumed = true;
  }
}

void KeepSession(SecurityContext* context, const Credentials& credentials, const std::u16string& target) {
  const bool is_ticket = context->is_done;  // a message after the handshake
  context->is_done = true;
  if (context->keeps_none || (context->is_resumed && !is_ticket)) return;
  // In TLS 1.3 a client has a session once a ticket came.
  const bool has_tickets = Sys().version == 0x0304 && !context->is_server;
  if (is_ticket == has_tickets) Make(context, credentials, target);
}

// The flag of the credentials is for servers alone, and the token for sessions with an id.
void SetReconnects(SecurityContext* context, uint32_t flags) {
  Sys().reconnects.push_back(flags);
  const bool are_allowed = flags == abi::kSessionEnableReconnects;
  const auto kept = Sys().sessions.find(context->session);
  if (kept == Sys().sessions.end()) {
    context->keeps_none = !are_allowed && Sys().version != 0x0304;
  } else if (kept->second.has_id) {
    kept->second.is_resumable = are_allowed;
  }
}

}  // namespace fake
