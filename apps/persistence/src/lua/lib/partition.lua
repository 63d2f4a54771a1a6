-- Partition: shared by all rules, and included before each of them.
--
-- KEYS[1] is the key prefix of one partition of one tenant, "ea:{tenant:partition}:". Every key of a rule is
-- this prefix and a suffix, so all are in one hash slot, and a rule is atomic on a Cluster too:
--   n:<number digest>     an identity's record (layout: identity-record.ts)
--   a:<page>              pointers and logs of addresses, many in a hash (addresses.lua)
--   r:<call>              the kept reply to a call, for callers who lost it: by the digest of an idempotency
--                         key, or by the operation and the gateway's request id
--   c:<request digest>    the input of a call with an idempotency key, on a Cluster
--   g:<ip digest>  m:<ip digest>  the logs of registers and of misses of one client IP
--   f:<mail digest>       the reported outcomes of a mail that was deferred or bounced (report.lua)
--   h:<result digest>     member and record of an identity verified on the hosted page (exchange.lua)
--   budget                the log of the tenant's misses by number alone
--   t:<number digest>     the id of the newest identity of a reserved address with this number
--                         (test-mode/test-identities.ts)
--   w:<name>:<window>     counts in slots of a long window (windows.lua)
--   o:<event>             an event of the whole tenant that is not repeated for a while
--   i:<moment>  index  open  live   the live identities by age, and their number (buckets.lua)
--   x:<second>            list of identities that expire in that second: number digest 12 | salt 4 | bucket 6
--   swept                 the last second whose list was swept
--   due                   when the sweep comes next (due.lua)
--   events                stream of events (events.lua)
--   k:<minute>  kh:<hour>  kd:<day>  counts of events
--   s:<number digest>            the moment of its last resend
--   rolled                the last hour that was added up (roll-up.lua)
-- A log is 8 bytes a moment (big-endian double, ms), oldest first.
--
-- A member names an identity within its partition: number digest 12 | salt 4. The salt distinguishes
-- identities that had the same number one after the other.

local prefix = KEYS[1]

-- The last three arguments of every rule: the format of the store, about how many events of this partition
-- are kept, and the deadline in Redis time, or ''. From format 2 on addresses share pages (addresses.lua).
local has_pages, most_events, deadline
before_each = function()
  local last = #ARGV
  -- The others are the same in all calls of a run.
  if not most_events then most_events, has_pages = ARGV[last - 1], ARGV[last - 2] ~= '1' end
  deadline = tonumber(ARGV[last])
  ARGV[last], ARGV[last - 1], ARGV[last - 2] = nil, nil, nil
end

local NOBODY = string.rep('\0', 12)
local HOUR = 3600000
local DAY = 24 * HOUR

-- Longest life of a number, and an hour for what refers to it.
local LONGEST = DAY + HOUR

-- Whether the deadline has passed. Then the caller has timed out, and the rule must not write. A kept reply
-- is still returned, so a rule checks this after it looks for one and before it writes.
local function too_late(now) return deadline and now >= deadline end

-- A moment in 8 bytes. The calls of a run mostly share their moments, so what is made of them is cached.
local packed_moments = {}
local function pack_moment(ms)
  local packed = packed_moments[ms]
  if packed then return packed end
  packed = struct.pack('>d', ms)
  packed_moments[ms] = packed
  return packed
end
local function unpack_moment(bytes, at) return (struct.unpack('>d', bytes, at or 1)) end

-- A whole number as text, cached, because formatting costs as much as a command.
local texts = {}
local function text_of(number)
  local text = texts[number]
  if text then return text end
  text = string.format('%.0f', number)
  texts[number] = text
  return text
end

-- Moments in 6 bytes, where many are stored. Lua in Redis cannot unpack integers of more than 4 bytes.
local function pack_short(ms) return struct.pack('>I2I4', math.floor(ms / 2 ^ 32), ms % 2 ^ 32) end
local function unpack_short(bytes, at)
  local high, low = struct.unpack('>I2I4', bytes, at or 1)
  return high * 2 ^ 32 + low
end

-- The head of a record, which is followed by the sealed part:
-- format 1 | tries 1 | salt 4 | bucket 6 | createdAt - bucket's moment 2 | life 4 | address digest 12
--   tries: in the low seven bits. The high bit: the outcome of its newest mail was reported
local FORMAT_AND_TRIES = '\2\0'
local packed_since, packed_life, packed_both
local function since_and_life(since, life)
  if since ~= packed_since or life ~= packed_life then
    packed_since, packed_life, packed_both = since, life, struct.pack('>I2I4', since, life)
  end
  return packed_both
end
local function salt_of(record) return string.sub(record, 3, 6) end
local function bucket_of(record) return string.sub(record, 7, 12) end
local function created_at(record) return unpack_short(record, 7) + struct.unpack('>I2', record, 13) end
local function address_of(record) return string.sub(record, 19, 30) end

-- Extends the life of a key that every call appends to. Once a run is enough.
local kept_alive = {}
local function keep_alive(key, ms)
  if (kept_alive[key] or 0) >= ms then return end
  kept_alive[key] = ms
  redis.call('PEXPIRE', key, text_of(ms))
end

-- Functions that write once for all calls of a run, at its end, in the same atomic step.
local at_end = {}
after_all = function()
  for _, write in ipairs(at_end) do write() end
end

-- The kept reply of a call. It is written again, because WAIT covers only the writes of its own connection,
-- and the reply must reach the replicas even if another connection wrote it first.
--
-- With `marks` it gets a byte behind it when it is first repeated. Before that its length is a multiple of 8.
local REPEATED = '+'
local function is_repeated(reply) return #reply % 8 ~= 0 end
local function kept_reply(request, marks)
  local key = prefix .. 'r:' .. request
  local reply = redis.call('GET', key)
  if reply and marks and not is_repeated(reply) then reply = reply .. REPEATED end
  if reply then redis.call('SET', key, reply, 'KEEPTTL') end
  return reply
end

-- Arguments come in groups, one for each key of the ring, newest first. A column is one position in all
-- groups, given by the position of its first value and the width of a group.
local function is_in_column(value, first, width)
  for at = first, #ARGV, width do
    if ARGV[at] == value then return true end
  end
  return false
end
