-- What the rules share; it stands before each of them.
--
-- KEYS[1] is the space of one partition of one tenant, "ea:{tenant:partition}:". Every key a rule touches is that and a
-- suffix, so all of them lie in one hash slot and a rule is atomic on a Cluster too:
--   n:<number digest>     an identity's record (layout: identity-record.ts)
--   a:<address digest>    12 bytes: the digest of the address's live number, or zeros; then the log of mails to the address
--   r:<request digest>    the reply to a call, kept for callers who lost it
--   c:<request digest>   what an idempotency key stands for, on a Cluster
--   g:<ip digest>  m:<ip digest>  the logs of registers and of misses of one client IP
--   f:<mail digest>       what is told of a mail that was deferred or came back (report.lua)
--   budget                the log of the tenant's misses
--   index                 sorted set of live identities: member number digest + salt, score createdAt
--   x:<second>            list of the index members that expire in that second
--   swept                 the last second whose list was worked off
--   events                stream of what happened (events.lua)
--   k:<minute>  kh:<hour>  kd:<day>  how often it happened; rolled: the last hour that is summed up in hours and days
-- A log is 8 bytes a moment (big-endian double, ms), oldest first.

local space = KEYS[1]

-- Go after a rule's own arguments: how many events of this space are kept, about, and the moment from which on nobody waits for the answer any
-- more, or ''.
local most_events, not_after
before_each = function()
  not_after, most_events = tonumber(table.remove(ARGV)), table.remove(ARGV)
end

local NOBODY = string.rep('\0', 12)
local HOUR = 3600000

-- Longest life of a number, and an hour for what refers to it.
local LONGEST = 25 * HOUR

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
local function too_late(now) return not_after and now >= not_after end

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

-- A record's fixed head: format 1 | tries 1 | salt 4 | createdAt 8 | expiresAt 8 | address digest 12; then what is sealed.
--   tries: the low seven bits; the high one says that the fate of its last mail is told already
local function salt_of(record) return string.sub(record, 3, 6) end
local function created_at(record) return unpack_moment(record, 7) end
local function address_of(record) return string.sub(record, 23, 34) end

-- Lets a key that grows with every call live on; once a run is often enough.
local kept_alive = {}
local function keep_alive(key, ms)
  if (kept_alive[key] or 0) >= ms then return end
  kept_alive[key] = ms
  redis.call('PEXPIRE', key, text_of(ms))
end

-- The reply that was kept for a call. It is written again: a caller who waits for replicas (WAIT) waits for the writes of its own
-- connection, and what it is told must have reached them whoever wrote it first.
local function kept_reply(request)
  local key = space .. 'r:' .. request
  local reply = redis.call('GET', key)
  if reply then redis.call('SET', key, reply, 'KEEPTTL') end
  return reply
end

-- Deletes an identity whole: record, index member, the address's pointer. The address's log stays: limits outlive numbers.
local function remove(digest, record)
  redis.call('DEL', space .. 'n:' .. digest)
  redis.call('ZREM', space .. 'index', digest .. salt_of(record))
  local address = space .. 'a:' .. address_of(record)
  local value = redis.call('GET', address)
  if value and string.sub(value, 1, 12) == digest then
    if #value == 12 then redis.call('DEL', address) else redis.call('SETRANGE', address, '0', NOBODY) end
  end
end

-- The live identity that an address's key points to: its number's digest and record, or nil twice; then the pointer, '' where there is no key. The
-- pointer may be older than the identity's death, and its number somebody else's by now, so the record must name the address.
local function live_at(address_key, address_digests)
  local digest = redis.call('GETRANGE', address_key, '0', '11')
  if #digest < 12 or digest == NOBODY then return nil, nil, digest end
  local record = redis.call('GET', space .. 'n:' .. digest)
  if not record then return nil, nil, digest end
  for _, known in ipairs(address_digests) do
    if address_of(record) == known then return digest, record, digest end
  end
  return nil, nil, digest
end

-- After a change of the key ring a key may still bear the digest that another key of the ring made. It takes the name that
-- the newest key gives, so that address and limits have one place.
local function adopt(kind, digests)
  local mine = space .. kind .. digests[1]
  for i = 2, #digests do
    local other = space .. kind .. digests[i]
    if redis.call('EXISTS', other) == 1 then
      if redis.call('EXISTS', mine) == 0 then
        redis.call('RENAME', other, mine)
      else
        if kind == 'a:' then
          local digest, record = live_at(other, digests)
          if digest then remove(digest, record) end
        end
        redis.call('DEL', other)
      end
    end
  end
  return mine
end

-- The i-th column of the groups of arguments, one group a key of the ring, newest first.
local function column(first, width, i)
  local at = first + i - 1
  local values = { ARGV[at] }
  for other = at + width, #ARGV, width do values[#values + 1] = ARGV[other] end
  return values
end
