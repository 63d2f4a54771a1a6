-- Addresses: pointer and log of mails of each address. Many addresses share a hash, because Redis keeps a
-- small hash as one block of bytes: an entry takes 40 bytes there, where a key of its own took 130.
--
--   a:<page>   hash of the entries of a page, by the last 11 bytes of their address's digest. A page is the
--              first 13 bits of the digest. It lives as long as its longest entry, or a quarter longer
-- An entry: pointer 12 | until when it is needed 4 (Unix seconds) | log
--   pointer: the digest of the address's newest number, live or not, or zeros
--   log: of mails to the address (limits.lua), 8 bytes a moment
-- An entry that is needed no more changes nothing: its pointer names no record of the address, and its
-- moments are older than every window. It is deleted when its page has grown.
--
-- In a store of format 1 each address has a key, a:<address digest>: pointer 12 | log. Rules see it as an
-- entry without a time.
--- @include partition

local LOG_AT, NO_TIME = 17, '\0\0\0\0'

-- A page is looked through at each multiple of its step, which is between a quarter and a half of its
-- entries. So at most half of a page is needed no more, and a new entry pays for reading four at most.
local LEAST_STEP = 8

-- A page's TTL is set longer than needed, so that most writes leave it as it is.
local SLACK = 1.25

local function key_of(address) return prefix .. 'a:' .. address end

-- The key of an address's page, and the field of its entry.
local function place_of(address)
  local second = string.byte(address, 2)
  return key_of(string.sub(address, 1, 1) .. string.char(second - second % 8)), string.sub(address, 2)
end

local function read_entry(address)
  if has_pages then return redis.call('HGET', place_of(address)) or nil end
  local value = redis.call('GET', key_of(address))
  return value and string.sub(value, 1, 12) .. NO_TIME .. string.sub(value, 13) or nil
end
local function pointer_in(entry) return entry and string.sub(entry, 1, 12) or NOBODY end
local function log_in(entry) return entry and string.sub(entry, LOG_AT) or '' end
local function until_in(entry) return entry and struct.unpack('>I4', entry, 13) or 0 end

-- For how many ms an entry that was read in this rule is still needed.
local function left_of(now, address, entry)
  if has_pages then return math.max(1000, until_in(entry) * 1000 - now) end
  return math.max(1, redis.call('PTTL', key_of(address)))
end

local function delete_entry(address)
  if has_pages then redis.call('HDEL', place_of(address)) else redis.call('DEL', key_of(address)) end
end

-- Replaces pointer or log of an entry that was read in this rule.
local function change_entry(address, entry, pointer, log)
  if not has_pages then
    redis.call('SET', key_of(address), pointer .. log, 'KEEPTTL')
    return
  end
  local page, field = place_of(address)
  redis.call('HSET', page, field, pointer .. string.sub(entry, 13, 16) .. log)
end

local function is_multiple_of_step(entries)
  local step = LEAST_STEP
  while 4 * step <= entries do step = 2 * step end
  return entries % step == 0
end

local function delete_outdated(page, now)
  local flat = redis.call('HGETALL', page)
  for i = 1, #flat, 2 do
    if until_in(flat[i + 1]) * 1000 < now then redis.call('HDEL', page, flat[i]) end
  end
end

-- Writes an entry that is needed for so many ms from now, or for longer if `entry`, the one before, was.
local function write_entry(now, address, entry, pointer, log, ms)
  if not has_pages then
    local key = key_of(address)
    local left = entry and redis.call('PTTL', key) or 0
    redis.call('SET', key, pointer .. log, 'PX', text_of(math.max(left, ms)))
    return
  end
  local page, field = place_of(address)
  local needed_until = math.max(until_in(entry), math.ceil((now + ms) / 1000))
  local is_new_page = false
  if redis.call('HSET', page, field, pointer .. struct.pack('>I4', needed_until) .. log) == 1 then
    local entries = redis.call('HLEN', page)
    is_new_page = entries == 1
    if is_multiple_of_step(entries) then delete_outdated(page, now) end
  end
  if is_new_page or redis.call('PTTL', page) < ms then
    redis.call('PEXPIRE', page, text_of(math.ceil(SLACK * ms)))
  end
end
