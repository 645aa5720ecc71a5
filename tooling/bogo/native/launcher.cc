// The test runner starts this program. It hands its arguments to a warm worker over a Unix socket and prints what comes back. BOGO_WORKERS
// holds the path of a directory with the sockets `0`, `1`, … BOGO_WORKER_COUNT of them.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr int kFailed = 1;
constexpr int kUnimplemented = 89;

bool WriteAll(int fd, const char *bytes, size_t length) {
  while (length > 0) {
    const ssize_t written = write(fd, bytes, length);
    if (written <= 0) return false;
    bytes += written;
    length -= static_cast<size_t>(written);
  }
  return true;
}

bool ReadAll(int fd, char *bytes, size_t length) {
  while (length > 0) {
    const ssize_t count = read(fd, bytes, length);
    if (count <= 0) return false;
    bytes += count;
    length -= static_cast<size_t>(count);
  }
  return true;
}

bool ReadBlock(int fd, std::string *out) {
  uint32_t length = 0;
  if (!ReadAll(fd, reinterpret_cast<char *>(&length), sizeof(length))) return false;
  out->resize(length);
  return ReadAll(fd, out->data(), length);
}

int ConnectTo(const std::string &path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) return -1;
  std::memcpy(address.sun_path, path.c_str(), path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (fd < 0) return -1;
  if (connect(fd, reinterpret_cast<sockaddr *>(&address), sizeof(address)) == 0) return fd;
  close(fd);
  return -1;
}

}  // namespace

int main(int argc, char **argv) {
  // The runner asks this once. There is no second process with which a handshake could be split.
  if (argc == 2 && std::strcmp(argv[1], "-is-handshaker-supported") == 0) {
    std::puts("No");
    return 0;
  }
  // Nothing is run where the runner only lists all tests.
  if (std::getenv("BOGO_LIST") != nullptr) return kUnimplemented;
  const char *directory = std::getenv("BOGO_WORKERS");
  const char *count = std::getenv("BOGO_WORKER_COUNT");
  if (directory == nullptr || count == nullptr) {
    std::fputs("BOGO_WORKERS and BOGO_WORKER_COUNT are not set; for one test: node dist/one-shot.js <flags>\n", stderr);
    return kFailed;
  }
  const int worker = static_cast<int>(getpid()) % std::atoi(count);
  const int fd = ConnectTo(std::string(directory) + "/" + std::to_string(worker));
  if (fd < 0) {
    std::fputs("no worker listens\n", stderr);
    return kFailed;
  }
  std::string request;
  for (int index = 1; index < argc; ++index) request.append(argv[index], std::strlen(argv[index]) + 1);
  const uint32_t length = static_cast<uint32_t>(request.size());
  std::string output;
  std::string error;
  int32_t status = kFailed;
  if (!WriteAll(fd, reinterpret_cast<const char *>(&length), sizeof(length)) ||
      !WriteAll(fd, request.data(), request.size()) || !ReadBlock(fd, &output) || !ReadBlock(fd, &error) ||
      !ReadAll(fd, reinterpret_cast<char *>(&status), sizeof(status))) {
    std::fputs("the worker went away\n", stderr);
    return kFailed;
  }
  WriteAll(STDOUT_FILENO, output.data(), output.size());
  WriteAll(STDERR_FILENO, error.data(), error.size());
  return status;
}
