-- What the rules share; it stands before each of them.
--
-- KEYS[1] is the prefix of one partition of one tenant, "ea:{tenant:partition}:". Every key a rule touches is that and a
-- suffix, so all of them lie in one hash slot and a rule is atomic on a Cluster too:
--   n:<number digest>     an identity's record (layout: identity-record.ts)
--   a:<address digest>    12 bytes: the digest of the address's newest number, whether it lives or not, or zeros; then the log of mails to the address
--   r:<request digest>    the reply to a call, kept for callers who lost it
--   c:<request digest>   what an idempotency key stands for, on a Cluster
--   g:<ip digest>  m:<ip digest>  the logs of registers and of misses of one client IP
--   f:<mail digest>       what is told of a mail that was deferred or came back (report.lua)
--   budget                the log of the tenant's misses by number alone
--   t:<number digest>     the id of the newest identity of a reserved address that was given a number (test-mode/test-identities.ts)
--   w:<name>:<window>     what is counted in slots of a long window (windows.lua)
--   o:<event>             what was told of the whole tenant and is not told again for a while
--   i:<moment>  index  open  live   the live identities in the order in which they came, and how many they are (buckets.lua)
--   x:<second>            list of what expires in that second: number digest 12 | salt 4 | bucket 6
--   swept                 the last second whose list was worked off
--   events                stream of what happened (events.lua)
--   k:<minute>  kh:<hour>  kd:<day>  how often it happened; rolled: the last hour that is summed up in hours and days
-- A log is 8 bytes a moment (big-endian double, ms), oldest first.
--
-- A member is what names an identity in its prefix: number digest 12 | salt 4. The salt tells two apart that got the same number one after the other.

local prefix = KEYS[1]

-- Go after a rule's own arguments: how many events of this prefix are kept, about, and the moment from which on nobody waits for the answer any
-- more, or ''.
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

-- The time in ms: Redis's own, so that services with different clocks agree, and one moment for all calls of a run; tests pass theirs.
local moment
local function clock(given)
  if given ~= '' then return tonumber(given) end
  if not moment then
    local t = redis.call('TIME')
    moment = tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
  end
  return moment
end

-- Whether a call was held up on its way for so long that its caller was told that it has failed: then it must write nothing. A reply that was
-- kept for it is still told, so a rule asks this after it has looked for one, and before it writes.
local function too_late(now) return deadline and now >= deadline end

local function pack_moment(ms) return struct.pack('>d', ms) end
local function unpack_moment(bytes, at) return (struct.unpack('>d', bytes, at or 1)) end

-- A whole number as text. Formatting one costs as much as a command, even where Redis does it for an argument, and the calls of a run have mostly the
-- same moments.
local texts = {}
local function text_of(number)
  local text = texts[number]
  if not text then
    text = string.format('%.0f', number)
    texts[number] = text
  end
  return text
end

-- Moments in 6 bytes, where there are many of them. The embedded Redis reads no integers of more than 4 bytes.
local function pack_short(ms) return struct.pack('>I2I4', math.floor(ms / 2 ^ 32), ms % 2 ^ 32) end
local function unpack_short(bytes, at)
  local high, low = struct.unpack('>I2I4', bytes, at or 1)
  return high * 2 ^ 32 + low
end

-- A record's fixed head: format 1 | tries 1 | salt 4 | bucket 6 | createdAt - bucket's moment 2 | life 4 | address digest 12; then what is sealed.
--   tries: the low seven bits; the high one says that the fate of its last mail is told already
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

-- The reply that was kept for a call. It is written again: a caller who waits for replicas (WAIT) waits for the writes of its own
-- connection, and what it is told must have reached them whoever wrote it first.
local function kept_reply(request)
  local key = prefix .. 'r:' .. request
  local reply = redis.call('GET', key)
  if reply then redis.call('SET', key, reply, 'KEEPTTL') end
  return reply
end

-- Arguments come in groups, one for each key of the ring, newest first. What each group has at one place is a column: it is told by the place of its
-- first value and the width of a group.
local function is_in_column(value, first, width)
  for at = first, #ARGV, width do
    if ARGV[at] == value then return true end
  end
  return false
end
