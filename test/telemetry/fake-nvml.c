/*
 * A stand-in for NVIDIA's management library, built by the tests. Structs and signatures are written down from the
 * NVML API Reference Guide (docs.nvidia.com/deploy/nvml-api), so that the C compiler is the judge of the layouts.
 *
 * The file named by FAKE_NVML says how it behaves, one "word" or "word=value" per line, read again at every call:
 *   cards=N  init=CODE  lost  lost_after=N (queries)  open_CARD=CODE  <Query>=CODE  hang  crash  constant
 * Built with -DOLD it has the symbols of a driver of about 2013 only.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int nvmlReturn_t;
typedef struct nvmlDevice_st { int index; } *nvmlDevice_t;
enum { SUCCESS = 0, INVALID = 2, NOT_SUPPORTED = 3, SMALL = 7, LOST = 15 };

typedef struct {
  char busIdLegacy[16];
  unsigned int domain, bus, device, pciDeviceId, pciSubSystemId;
  char busId[32];
} nvmlPciInfo_t;
typedef struct {
  char busId[16];
  unsigned int domain, bus, device, pciDeviceId, pciSubSystemId, reserved0, reserved1, reserved2, reserved3;
} nvmlPciInfo_v2_t;
typedef struct { unsigned long long total, free, used; } nvmlMemory_t;
typedef struct { unsigned int gpu, memory; } nvmlUtilization_t;
typedef union {
  double dVal; int siVal; unsigned int uiVal; unsigned long ulVal; unsigned long long ullVal; signed long long sllVal;
} nvmlValue_t;
typedef struct {
  unsigned int fieldId, scopeId;
  long long timestamp, latencyUsec;
  int valueType;
  nvmlReturn_t nvmlReturn;
  nvmlValue_t value;
} nvmlFieldValue_t;

/* "struct size field=offset …" per line, for the test of layouts. */
int fake_layout(char *text, unsigned int size) {
#define AT(s, f) (int)offsetof(s, f)
  return snprintf(text, size,
    "nvmlPciInfo %d busIdLegacy=%d domain=%d bus=%d device=%d pciDeviceId=%d pciSubSystemId=%d busId=%d\n"
    "nvmlMemory %d total=%d free=%d used=%d\n"
    "nvmlUtilization %d gpu=%d memory=%d\n"
    "nvmlFieldValue %d fieldId=%d scopeId=%d timestamp=%d latencyUsec=%d valueType=%d nvmlReturn=%d value=%d\n",
    (int)sizeof(nvmlPciInfo_t), AT(nvmlPciInfo_t, busIdLegacy), AT(nvmlPciInfo_t, domain), AT(nvmlPciInfo_t, bus),
    AT(nvmlPciInfo_t, device), AT(nvmlPciInfo_t, pciDeviceId), AT(nvmlPciInfo_t, pciSubSystemId), AT(nvmlPciInfo_t, busId),
    (int)sizeof(nvmlMemory_t), AT(nvmlMemory_t, total), AT(nvmlMemory_t, free), AT(nvmlMemory_t, used),
    (int)sizeof(nvmlUtilization_t), AT(nvmlUtilization_t, gpu), AT(nvmlUtilization_t, memory),
    (int)sizeof(nvmlFieldValue_t), AT(nvmlFieldValue_t, fieldId), AT(nvmlFieldValue_t, scopeId),
    AT(nvmlFieldValue_t, timestamp), AT(nvmlFieldValue_t, latencyUsec), AT(nvmlFieldValue_t, valueType),
    AT(nvmlFieldValue_t, nvmlReturn), AT(nvmlFieldValue_t, value));
}

static int queries = 0, started = 0;
static struct nvmlDevice_st devices[8] = {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}};

/* The value of a word in the file, 1 for a word alone, `otherwise` when it is not there. */
static int option(const char *word, int otherwise) {
  const char *path = getenv("FAKE_NVML");
  FILE *file = path ? fopen(path, "r") : NULL;
  char line[128];
  int value = otherwise;
  size_t length = strlen(word);
  if (!file) return otherwise;
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\r\n")] = 0;
    if (!strncmp(line, word, length) && (line[length] == '=' || !line[length]))
      value = line[length] == '=' ? atoi(line + length + 1) : 1;
  }
  fclose(file);
  return value;
}

static nvmlReturn_t state(const char *query) {
  queries++;
  if (!started) return 1;
  if (option("crash", 0)) abort();
  while (option("hang", 0)) usleep(10000);
  if (option("lost", 0) || queries > option("lost_after", 1 << 30)) return LOST;
  return option(query, SUCCESS);
}
/* Every figure moves from reading to reading, as a card's do, unless it is told not to. */
static unsigned int moving(void) { return option("constant", 0) ? 0 : (unsigned int)queries; }

#define QUERY(name) nvmlReturn_t code = state(name); if (code) return code
#define NUMBER(function, query, type, result) \
  nvmlReturn_t nvmlDevice##function(nvmlDevice_t d, type *value) { QUERY(query); (void)d; *value = (result); return SUCCESS; }

static nvmlReturn_t begin(void) { int code = option("init", SUCCESS); started = !code; queries = 0; return code; }
static nvmlReturn_t text(const char *from, char *to, unsigned int size) {
  if (strlen(from) + 1 > size) return SMALL;
  strcpy(to, from);
  return SUCCESS;
}
static nvmlReturn_t count(unsigned int *n) { *n = (unsigned int)option("cards", 1); return SUCCESS; }
static nvmlReturn_t open_card(unsigned int index, nvmlDevice_t *device) {
  char word[16];
  snprintf(word, sizeof word, "open_%u", index);
  *device = &devices[index & 7];
  return option(word, SUCCESS);
}

nvmlReturn_t nvmlShutdown(void) { started = 0; return SUCCESS; }
nvmlReturn_t nvmlSystemGetDriverVersion(char *to, unsigned int size) { return text("550.54.14", to, size); }
nvmlReturn_t nvmlDeviceGetName(nvmlDevice_t d, char *to, unsigned int size) {
  return text(d->index == option("other_card", 99) ? "NVIDIA GeForce GTX 1060" : "NVIDIA GeForce RTX 3090", to, size);
}
nvmlReturn_t nvmlDeviceGetUUID(nvmlDevice_t d, char *to, unsigned int size) {
  return text(d->index ? "GPU-00000000-0000-0000-0000-000000000001" : "GPU-00000000-0000-0000-0000-000000000000", to, size);
}
nvmlReturn_t nvmlDeviceGetVbiosVersion(nvmlDevice_t d, char *to, unsigned int size) {
  QUERY("GetVbiosVersion");
  (void)d;
  return text("94.02.42.00.a9", to, size);
}

NUMBER(GetPowerUsage, "GetPowerUsage", unsigned int, 347120 + moving())
NUMBER(GetFanSpeed, "GetFanSpeed", unsigned int, 61)
NUMBER(GetPowerManagementLimit, "GetPowerManagementLimit", unsigned int, 290000)
NUMBER(GetPowerManagementDefaultLimit, "GetPowerManagementDefaultLimit", unsigned int, 350000)
NUMBER(GetMaxPcieLinkGeneration, "GetMaxPcieLinkGeneration", unsigned int, 4)
NUMBER(GetMaxPcieLinkWidth, "GetMaxPcieLinkWidth", unsigned int, 16)
NUMBER(GetCurrPcieLinkGeneration, "GetCurrPcieLinkGeneration", unsigned int, 1)
NUMBER(GetCurrPcieLinkWidth, "GetCurrPcieLinkWidth", unsigned int, 1)
NUMBER(GetPcieReplayCounter, "GetPcieReplayCounter", unsigned int, 7)

nvmlReturn_t nvmlDeviceGetTemperature(nvmlDevice_t d, int sensor, unsigned int *value) {
  QUERY("GetTemperature");
  (void)d;
  if (sensor != 0) return INVALID;
  *value = 68;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetClockInfo(nvmlDevice_t d, int type, unsigned int *value) {
  QUERY("GetClockInfo");
  (void)d;
  if (type < 0 || type > 2) return INVALID;
  *value = type == 0 ? 1111 : type == 1 ? 1695 : 9501;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetMemoryInfo(nvmlDevice_t d, nvmlMemory_t *memory) {
  QUERY("GetMemoryInfo");
  (void)d;
  memory->total = 24ull << 30;
  memory->used = 3ull << 30;
  memory->free = memory->total - memory->used;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetUtilizationRates(nvmlDevice_t d, nvmlUtilization_t *load) {
  QUERY("GetUtilizationRates");
  (void)d;
  load->gpu = 99;
  load->memory = 41;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetEccMode(nvmlDevice_t d, int *current, int *pending) {
  QUERY("GetEccMode");
  (void)d;
  *current = 1;
  *pending = 0;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetTotalEccErrors(nvmlDevice_t d, int type, int counter, unsigned long long *value) {
  QUERY("GetTotalEccErrors");
  (void)d;
  *value = 1 + type + 10 * counter;
  return SUCCESS;
}

#ifdef OLD
nvmlReturn_t nvmlInit(void) { return begin(); }
nvmlReturn_t nvmlDeviceGetCount(unsigned int *n) { return count(n); }
nvmlReturn_t nvmlDeviceGetHandleByIndex(unsigned int index, nvmlDevice_t *device) { return open_card(index, device); }
nvmlReturn_t nvmlDeviceGetPciInfo_v2(nvmlDevice_t d, nvmlPciInfo_v2_t *info) {
  memset(info, 0xab, sizeof *info);
  snprintf(info->busId, sizeof info->busId, "0000:%02X:00.0", 1 + d->index);
  info->pciDeviceId = 0x220410de;
  info->pciSubSystemId = 0x14543842;
  return SUCCESS;
}
NUMBER(GetCurrentClocksThrottleReasons, "GetCurrentClocksThrottleReasons", unsigned long long, 0x4)
#else
nvmlReturn_t nvmlInit_v2(void) { return begin(); }
nvmlReturn_t nvmlDeviceGetCount_v2(unsigned int *n) { return count(n); }
nvmlReturn_t nvmlDeviceGetHandleByIndex_v2(unsigned int index, nvmlDevice_t *device) { return open_card(index, device); }
nvmlReturn_t nvmlDeviceGetPciInfo_v3(nvmlDevice_t d, nvmlPciInfo_t *info) {
  QUERY("GetPciInfo");
  memset(info, 0, sizeof *info);
  snprintf(info->busId, sizeof info->busId, "%08X:%02X:00.0", 0, 1 + d->index);
  snprintf(info->busIdLegacy, sizeof info->busIdLegacy, "%04X:%02X:00.0", 0, 1 + d->index);
  info->pciDeviceId = d->index == option("other_card", 99) ? 0x1c0310de : 0x220410de;
  info->pciSubSystemId = 0x14543842;
  return SUCCESS;
}
NUMBER(GetCurrentClocksEventReasons, "GetCurrentClocksEventReasons", unsigned long long, 0x28)
NUMBER(GetTotalEnergyConsumption, "GetTotalEnergyConsumption", unsigned long long, 5000000000ull + moving())
nvmlReturn_t nvmlDeviceGetRemappedRows(nvmlDevice_t d, unsigned int *c, unsigned int *u, unsigned int *p, unsigned int *f) {
  QUERY("GetRemappedRows");
  (void)d;
  *c = 2; *u = 1; *p = 1; *f = 0;
  return SUCCESS;
}
nvmlReturn_t nvmlDeviceGetFieldValues(nvmlDevice_t d, int n, nvmlFieldValue_t *values) {
  QUERY("GetFieldValues");
  (void)d;
  for (int i = 0; i < n; i++) {
    memset(&values[i].value, 0xff, sizeof values[i].value);
    values[i].nvmlReturn = values[i].fieldId == 82 ? option("MemoryTemp", SUCCESS) : NOT_SUPPORTED;
    values[i].valueType = 1;
    values[i].value.uiVal = 94;
  }
  return SUCCESS;
}
#endif
