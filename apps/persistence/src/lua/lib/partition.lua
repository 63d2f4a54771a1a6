-- Partition: shared by all rules, and included before each of them.
--
-- KEYS[1] is the key prefix of one partition of one tenant, "ea:{tenant:partition}:". Every key of a rule is this
-- prefix and a suffix, so all are in one hash slot, and a rule is atomic on a Cluster too:
--   n:<number digest>     an identity's record (layout: identity-record.ts)
--   a:<address digest>    12 bytes: the digest of the address's newest number, live or not, or zeros; then the log of
--                         mails to the address
--   r:<request digest>    the reply to a call, kept for callers who lost it
--   c:<request digest>   what an idempotency key stands for, on a Cluster
--   g:<ip digest>  m:<ip digest>  the logs of registers and of misses of one client IP
--   f:<mail digest>       what was reported of a mail that was deferred or came back (report.lua)
--   budget                the log of the tenant's misses by number alone
--   t:<number digest>     the id of the newest identity of a reserved address with this number
--                         (test-mode/test-identities.ts)
--   w:<name>:<window>     what is counted in slots of a long window (windows.lua)
--   o:<event>             what was reported of the whole tenant and is not repeated for a while
--   i:<moment>  index  open  live   the live identities by age, and their number (buckets.lua)
--   x:<second>            list of what expires in that second: number digest 12 | salt 4 | bucket 6
--   swept                 the last second whose list was worked off
--   events                stream of what happened (events.lua)
--   k:<minute>  kh:<hour>  kd:<day>  counts of events; rolled: the last hour that is summed up
-- A log is 8 bytes a moment (big-endian double, ms), oldest first.
--
-- A member names an identity within its partition: number digest 12 | salt 4. The salt distinguishes identities
-- that had the same number one after the other.

local prefix = KEYS[1]

-- The last two arguments of every rule: about how many events of this partition are kept, and the deadline in
-- Redis time, or ''.
local most_events, deadline
before_each = function()
  local last = #ARGV
  deadline, most_events = tonumber(ARGV[last]), ARGV[last - 1]
  ARGV[last], ARGV[last - 1] = nil, nil
end

local NOBODY = string.rep('\0', 12)
local HOUR = 3600000
local DAY = 24 * HOUR

-- Longest life of a number, and an hour for what refers to it.
local LONGEST = DAY + HOUR

-- The time in ms. It is Redis's, so that services with different clocks agree, and one moment for all calls of a
-- run. Tests pass their own.
local moment
local function clock(given)
  if given ~= '' then return tonumber(given) end
  if not moment then
    local t = redis.call('TIME')
    moment = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
  end
  return moment
end

-- Whether the deadline is over. Then the caller has timed out, and the rule must not write. A kept reply is still
-- returned, so a rule checks this after it has looked for one, and before it writes.
local function too_late(now) return deadline and now >= deadline end

local function pack_moment(ms) return struct.pack('>d', ms) end
local function unpack_moment(bytes, at) return (struct.unpack('>d', bytes, at or 1)) end

-- A whole number as text, cached. Formatting costs as much as a command, and the calls of a run mostly share their
-- moments.
local texts = {}
local function text_of(number)
  local text = texts[number]
  if not text then
    text = string.format('%.0f', number)
    texts[number] = text
  end
  return text
end

-- Moments in 6 bytes, where there are many. Lua in Redis unpacks no integers of more than 4 bytes.
local function pack_short(ms) return struct.pack('>I2I4', math.floor(ms / 2 ^ 32), ms % 2 ^ 32) end
local function unpack_short(bytes, at)
  local high, low = struct.unpack('>I2I4', bytes, at or 1)
  return high * 2 ^ 32 + low
end

-- A record's fixed head, then the sealed part:
-- format 1 | tries 1 | salt 4 | bucket 6 | createdAt - bucket's moment 2 | life 4 | address digest 12
--   tries: the low seven bits; the high bit says that the outcome of its last mail was reported
local FORMAT = '\2'
local function record_head(salt, bucket, created, life, address)
  return FORMAT .. '\0' .. salt .. bucket .. struct.pack('>I2I4', created - unpack_short(bucket), life) .. address
end
local function salt_of(record) return string.sub(record, 3, 6) end
local function bucket_of(record) return string.sub(record, 7, 12) end
local function created_at(record) return unpack_short(record, 7) + struct.unpack('>I2', record, 13) end
local function address_of(record) return string.sub(record, 19, 30) end

-- Lets a key that grows with every call live on; once a run is often enough.
local kept_alive = {}
local function keep_alive(key, ms)
  if (kept_alive[key] or 0) >= ms then return end
  kept_alive[key] = ms
  redis.call('PEXPIRE', key, text_of(ms))
end

-- What is written once at a run's end for all of its calls, in the same atomic step.
local at_end = {}
after_all = function()
  for _, write in ipairs(at_end) do write() end
end

-- The reply that was kept for a call. It is written again, because WAIT covers only the writes of its own
-- connection, and the reply must reach the replicas whoever wrote it first.
local function kept_reply(request)
  local key = prefix .. 'r:' .. request
  local reply = redis.call('GET', key)
  if reply then redis.call('SET', key, reply, 'KEEPTTL') end
  return reply
end

-- Arguments come in groups, one for each key of the ring, newest first. A column is one position in all groups,
-- given by the position of its first value and the width of a group.
local function is_in_column(value, first, width)
  for at = first, #ARGV, width do
    if ARGV[at] == value then return true end
  end
  return false
end
