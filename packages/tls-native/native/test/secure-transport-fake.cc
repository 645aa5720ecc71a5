#include "secure-transport-fake.hh"

#include <algorithm>
#include <cstring>

#include "secure-transport-fake-object.hh"

namespace fake {

using namespace tls::secure_transport;

namespace {

std::set<Object*> objects;
std::vector<std::string> problems;
Scope* scope = nullptr;

}  // namespace

Script& S() { return scope->script; }
Record& R() { return scope->record; }
void NoteProblem(const std::string& problem) { problems.push_back(problem); }

Object* Known(const void* reference) {
  auto* object = static_cast<Object*>(const_cast<void*>(reference));
  if (object != nullptr && !object->is_constant && objects.count(object) == 0) {
    problems.push_back("something that is no longer there was used");
    return nullptr;
  }
  return object;
}

Object* Make(const char* kind) {
  auto* object = new Object();
  object->kind = kind;
  objects.insert(object);
  return object;
}

CFDataRef MakeData(View bytes) {
  Object* data = Make("data");
  data->bytes.assign(bytes.data, bytes.data + bytes.size);
  return As<CFDataRef>(data);
}
CFStringRef MakeString(const std::string& text) {
  Object* string = Make("string");
  string->text = text;
  return As<CFStringRef>(string);
}
CFErrorRef MakeError(long code, const std::string& text) {
  Object* error = Make("error");
  error->code = code;
  error->text = text;
  return As<CFErrorRef>(error);
}
OSStatus Told(const char* call) {
  R().calls.push_back(call);
  const auto found = S().failing.find(call);
  return found == S().failing.end() ? 0 : found->second;
}

namespace {

void Release(CFTypeRef reference) {
  Object* object = Of(reference);
  if (object == nullptr) {
    problems.push_back("CFRelease of nothing");
    return;
  }
  if (object->is_constant || --object->references > 0) return;
  for (Object* item : object->items) Release(item);
  objects.erase(object);
  delete object;
}

CFTypeRef Retain(CFTypeRef reference) {
  Object* object = Of(reference);
  if (object != nullptr) ++object->references;
  return reference;
}

CFArrayRef ArrayCreate(CFAllocatorRef, const void** values, CFIndex count, const CfCallBacks*) {
  Object* array = Make("array");
  for (CFIndex index = 0; index < count; ++index) array->items.push_back(Shared(Of(values[index])));
  return As<CFArrayRef>(array);
}
CFIndex ArrayGetCount(CFArrayRef array) { return static_cast<CFIndex>(Of(array)->items.size()); }
const void* ArrayGetValueAtIndex(CFArrayRef array, CFIndex index) { return Of(array)->items.at(static_cast<size_t>(index)); }

CFDataRef DataCreate(CFAllocatorRef, const uint8_t* bytes, CFIndex length) {
  return MakeData(View{bytes, static_cast<size_t>(length)});
}
CFDataRef DataCreateWithBytesNoCopy(CFAllocatorRef, const uint8_t* bytes, CFIndex length, CFAllocatorRef deallocator) {
  if (deallocator == nullptr) problems.push_back("the library would free what is not its own");
  Object* data = Make("data");
  data->borrowed = bytes;
  data->borrowed_size = static_cast<size_t>(length);
  return As<CFDataRef>(data);
}
const uint8_t* DataGetBytePtr(CFDataRef data) { return BytesOf(Of(data)).data; }
CFIndex DataGetLength(CFDataRef data) { return static_cast<CFIndex>(BytesOf(Of(data)).size); }

CFDateRef DateCreate(CFAllocatorRef, double time) {
  Object* date = Make("date");
  date->number = time;
  return As<CFDateRef>(date);
}

CFDictionaryRef DictionaryCreate(CFAllocatorRef, const void** keys, const void** values, CFIndex count, const CfCallBacks*,
                                 const CfCallBacks*) {
  Object* dictionary = Make("dictionary");
  for (CFIndex index = 0; index < count; ++index) {
    dictionary->items.push_back(Shared(Of(keys[index])));
    dictionary->items.push_back(Shared(Of(values[index])));
  }
  return As<CFDictionaryRef>(dictionary);
}

CFIndex ErrorGetCode(CFErrorRef error) { return Of(error)->code; }

CFStringRef ErrorCopyDescription(CFErrorRef error) { return MakeString(Of(error)->text); }
CFStringRef StringCreateWithBytes(CFAllocatorRef, const uint8_t* bytes, CFIndex length, uint32_t encoding, Boolean) {
  const bool is_ascii = std::all_of(bytes, bytes + length, [](uint8_t octet) { return octet < 0x80; });
  if (encoding == constant::kAscii && !is_ascii) return nullptr;
  return MakeString(std::string(reinterpret_cast<const char*>(bytes), static_cast<size_t>(length)));
}
Boolean StringGetCString(CFStringRef string, char* buffer, CFIndex size, uint32_t) {
  const std::string& text = Of(string)->text;
  if (text.size() + 1 > static_cast<size_t>(size)) return 0;
  std::memcpy(buffer, text.c_str(), text.size() + 1);
  return 1;
}

SSLContextRef CreateContext(CFAllocatorRef, int side, int type) {
  if (type != constant::kStreamType) problems.push_back("not a stream");
  if (Told("SSLCreateContext") != 0) return nullptr;
  R().side = side;
  return As<SSLContextRef>(Make("connection"));
}
OSStatus SetIoFuncs(SSLContextRef connection, SSLReadFunc read, SSLWriteFunc write) {
  Of(connection)->read = read;
  Of(connection)->write = write;
  return Told("SSLSetIOFuncs");
}
OSStatus SetConnection(SSLContextRef connection, SSLConnectionRef owner) {
  Of(connection)->owner = owner;
  return Told("SSLSetConnection");
}
OSStatus SetSessionOption(SSLContextRef, int option, Boolean value) {
  R().options[option] = value != 0;
  return Told("SSLSetSessionOption");
}
OSStatus SetVersionMin(SSLContextRef, int version) {
  R().min_version = version;
  return Told("SSLSetProtocolVersionMin");
}
OSStatus SetVersionMax(SSLContextRef, int version) {
  R().max_version = version;
  return Told("SSLSetProtocolVersionMax");
}
OSStatus GetNumberSupportedCiphers(SSLContextRef, size_t* count) {
  *count = S().suites.size();
  return 0;
}
OSStatus GetSupportedCiphers(SSLContextRef, SSLCipherSuite* suites, size_t* count) {
  *count = S().suites.size();
  std::copy(S().suites.begin(), S().suites.end(), suites);
  return 0;
}
OSStatus SetEnabledCiphers(SSLContextRef, const SSLCipherSuite* suites, size_t count) {
  R().suites.assign(suites, suites + count);
  return Told("SSLSetEnabledCiphers");
}
OSStatus SetPeerDomainName(SSLContextRef, const char* name, size_t length) {
  R().peer_name.assign(name, length);
  return Told("SSLSetPeerDomainName");
}
OSStatus SetCertificate(SSLContextRef connection, CFArrayRef items) {
  R().certificates.clear();
  for (Object* item : Of(items)->items) {
    const Object* certificate = item->kind == "identity" ? item->items.at(0) : item;
    R().certificates.push_back(certificate->bytes);
  }
  Of(connection)->items.push_back(Shared(Of(items)));
  return Told("SSLSetCertificate");
}
OSStatus SetClientSideAuthenticate(SSLContextRef, int authenticate) {
  R().authenticate = authenticate;
  return Told("SSLSetClientSideAuthenticate");
}
OSStatus AddDistinguishedName(SSLContextRef, const void* der, size_t length) {
  const auto* begin = static_cast<const uint8_t*>(der);
  R().distinguished_names.insert(R().distinguished_names.begin(), Bytes(begin, begin + length));
  return Told("SSLAddDistinguishedName");
}
OSStatus SetAlpnProtocols(SSLContextRef, CFArrayRef protocols) {
  for (Object* item : Of(protocols)->items) R().alpn.push_back(item->text);
  return Told("SSLSetALPNProtocols");
}
OSStatus SetOcspResponse(SSLContextRef, CFDataRef response) {
  const View bytes = BytesOf(Of(response));
  R().ocsp_response.assign(bytes.data, bytes.data + bytes.size);
  return Told("SSLSetOCSPResponse");
}

// Reads as the record layer does: it does not always get what it asks for.
OSStatus Pull(Object* connection, size_t needs) {
  Bytes buffer(needs);
  while (connection->progress < needs) {
    size_t length = std::min<size_t>(needs - connection->progress, connection->progress < 5 ? 5 : needs);
    const size_t wanted = length;
    const OSStatus status = connection->read(connection->owner, buffer.data(), &length);
    connection->progress += length;
    if (status != 0) return status;
    if (length != wanted) problems.push_back("a short read that does not say so");
  }
  connection->progress = 0;
  return 0;
}

OSStatus Push(Object* connection, const Bytes& bytes) {
  size_t length = bytes.size();
  return length == 0 ? 0 : connection->write(connection->owner, bytes.data(), &length);
}

OSStatus Handshake(SSLContextRef reference) {
  Object* connection = Of(reference);
  R().calls.push_back("SSLHandshake");
  while (connection->step < S().handshake.size()) {
    const Step step = S().handshake[connection->step];
    OSStatus status = Pull(connection, step.needs);
    if (status == 0) status = Push(connection, step.writes);
    if (status != 0) return status;
    ++connection->step;
    // The library asks for a certificate only where it has none.
    if (step.status == constant::kClientCertRequested && !R().certificates.empty()) continue;
    if (step.status != 0) return step.status;
  }
  return 0;
}

OSStatus Read(SSLContextRef reference, void* data, size_t size, size_t* processed) {
  Object* connection = Of(reference);
  R().calls.push_back("SSLRead");
  *processed = 0;
  if (connection->is_closed) return constant::kClosedGraceful;
  while (connection->unread.empty()) {
    if (connection->reading == S().readings.size()) {
      // It keeps the beginning of a record until the rest has come.
      uint8_t octet = 0;
      size_t length = 1;
      OSStatus status = 0;
      while (status == 0) status = connection->read(connection->owner, &octet, &length);
      return status;
    }
    const Reading reading = S().readings[connection->reading];
    const OSStatus status = Pull(connection, reading.needs);
    if (status != 0) return status;
    ++connection->reading;
    connection->unread = reading.plaintext;
    if (reading.status != 0) return reading.status;
  }
  *processed = std::min(size, connection->unread.size());
  std::memcpy(data, connection->unread.data(), *processed);
  connection->unread.erase(0, *processed);
  return 0;
}

OSStatus Write(SSLContextRef reference, const void* data, size_t size, size_t* processed) {
  Object* connection = Of(reference);
  R().calls.push_back("SSLWrite");
  *processed = 0;
  if (S().write_status != 0) return S().write_status;
  const size_t count = std::min(size, S().longest_write);
  if (count > 0) {
    Bytes record{23, 3, 3, static_cast<uint8_t>(count >> 8), static_cast<uint8_t>(count)};
    const auto* begin = static_cast<const uint8_t*>(data);
    record.insert(record.end(), begin, begin + count);
    Push(connection, record);
  }
  *processed = count;
  if (S().blocked_flushes > 0) {
    --S().blocked_flushes;
    return constant::kWouldBlock;
  }
  return count < size ? constant::kWouldBlock : 0;
}

OSStatus Close(SSLContextRef reference) {
  Object* connection = Of(reference);
  connection->is_closed = true;
  Push(connection, Bytes{21, 3, 3, 0, 2, 1, 0});
  return Told("SSLClose");
}

OSStatus CopyPeerTrust(SSLContextRef, SecTrustRef* trust) {
  const OSStatus status = Told("SSLCopyPeerTrust");
  *trust = status == 0 ? As<SecTrustRef>(Make("trust")) : nullptr;
  return status;
}
OSStatus GetNegotiatedCipher(SSLContextRef, SSLCipherSuite* suite) {
  *suite = S().suite;
  return 0;
}
OSStatus GetNegotiatedVersion(SSLContextRef, int* version) {
  *version = constant::kTlsProtocol12;
  return 0;
}

// Gives a variable that holds an object, as the library's constants are.
void* Constant(const char* name) {
  static std::map<std::string, std::pair<Object, Object*>> constants;
  auto& [object, variable] = constants[name];
  object.kind = "constant";
  object.text = name;
  object.is_constant = true;
  variable = &object;
  return &variable;
}

Symbols AllSymbols() {
  Symbols symbols;
  AddConnectionSymbols(&symbols);
  AddTrustSymbols(&symbols);
  for (const char* name :
       {"kCFAllocatorNull",
        "kCFTypeArrayCallBacks",
        "kCFTypeDictionaryKeyCallBacks",
        "kCFTypeDictionaryValueCallBacks",
        "kSecAttrKeyType",
        "kSecAttrKeyTypeRSA",
        "kSecAttrKeyTypeECSECPrimeRandom",
        "kSecAttrKeyClass",
        "kSecAttrKeyClassPrivate",
        "kSecAttrKeyClassPublic",
        "kSecKeyAlgorithmRSASignatureDigestPKCS1v15SHA256",
        "kSecKeyAlgorithmECDSASignatureDigestX962SHA256"}) {
    symbols[name] = Constant(name);
  }
  return symbols;
}

}  // namespace

void AddConnectionSymbols(Symbols* symbols) {
  symbols->insert({
      {"CFRelease", Pointer(Release)},
      {"CFRetain", Pointer(Retain)},
      {"CFArrayCreate", Pointer(ArrayCreate)},
      {"CFArrayGetCount", Pointer(ArrayGetCount)},
      {"CFArrayGetValueAtIndex", Pointer(ArrayGetValueAtIndex)},
      {"CFDataCreate", Pointer(DataCreate)},
      {"CFDataCreateWithBytesNoCopy", Pointer(DataCreateWithBytesNoCopy)},
      {"CFDataGetBytePtr", Pointer(DataGetBytePtr)},
      {"CFDataGetLength", Pointer(DataGetLength)},
      {"CFDateCreate", Pointer(DateCreate)},
      {"CFDictionaryCreate", Pointer(DictionaryCreate)},
      {"CFErrorGetCode", Pointer(ErrorGetCode)},
      {"CFErrorCopyDescription", Pointer(ErrorCopyDescription)},
      {"CFStringCreateWithBytes", Pointer(StringCreateWithBytes)},
      {"CFStringGetCString", Pointer(StringGetCString)},
      {"SSLCreateContext", Pointer(CreateContext)},
      {"SSLSetIOFuncs", Pointer(SetIoFuncs)},
      {"SSLSetConnection", Pointer(SetConnection)},
      {"SSLSetSessionOption", Pointer(SetSessionOption)},
      {"SSLSetProtocolVersionMin", Pointer(SetVersionMin)},
      {"SSLSetProtocolVersionMax", Pointer(SetVersionMax)},
      {"SSLGetNumberSupportedCiphers", Pointer(GetNumberSupportedCiphers)},
      {"SSLGetSupportedCiphers", Pointer(GetSupportedCiphers)},
      {"SSLSetEnabledCiphers", Pointer(SetEnabledCiphers)},
      {"SSLSetPeerDomainName", Pointer(SetPeerDomainName)},
      {"SSLSetCertificate", Pointer(SetCertificate)},
      {"SSLSetClientSideAuthenticate", Pointer(SetClientSideAuthenticate)},
      {"SSLAddDistinguishedName", Pointer(AddDistinguishedName)},
      {"SSLHandshake", Pointer(Handshake)},
      {"SSLRead", Pointer(Read)},
      {"SSLWrite", Pointer(Write)},
      {"SSLClose", Pointer(Close)},
      {"SSLCopyPeerTrust", Pointer(CopyPeerTrust)},
      {"SSLGetNegotiatedCipher", Pointer(GetNegotiatedCipher)},
      {"SSLGetNegotiatedProtocolVersion", Pointer(GetNegotiatedVersion)},
      {"SSLSetALPNProtocols", Pointer(SetAlpnProtocols)},
      {"SSLSetOCSPResponse", Pointer(SetOcspResponse)},
  });
}

bool Record::Has(const std::string& call) const { return std::find(calls.begin(), calls.end(), call) != calls.end(); }

Scope::Scope(const std::set<std::string>& missing) {
  auto names = missing;
  const std::string problem = FillFunctions(Lookup, &names, &names, &functions_);
  if (!problem.empty()) problems.push_back(problem);
  SetFunctions(&functions_);
  scope = this;
}

Scope::~Scope() {
  for (const Object* object : objects) problems.push_back(object->kind + " is not released");
  objects.clear();
}

size_t Scope::live() const { return objects.size(); }

void* Lookup(void* library, const char* name) {
  const auto* missing = static_cast<const std::set<std::string>*>(library);
  static const Symbols symbols = AllSymbols();
  const auto found = symbols.find(name);
  if (found == symbols.end() || (missing != nullptr && missing->count(name) != 0)) return nullptr;
  return found->second;
}

const std::vector<std::string>& Problems() { return problems; }

}  // namespace fake
