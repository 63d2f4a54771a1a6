-- Addresses: pointer and log of mails of each address. Many addresses share a hash, because Redis keeps a
-- small hash as one block of bytes: an entry takes 40 bytes there, where a key of its own took 130.
--
--   a:<page>   hash of the entries of a page, by the last 11 bytes of their address's digest. A page is the
--              first 13 bits of the digest. It lives as long as its longest entry, or a quarter longer. The
--              field '' is its head: zeros 8 | how many entries it has, about, 4 | until when it lives, or a
--              little longer, 4 (Unix seconds)
-- An entry: pointer 12 | until when it is needed 4 (Unix seconds) | log
--   pointer: the digest of the address's newest number, live or not, or zeros
--   log: of mails to the address (limits.lua), 8 bytes a moment
-- An entry that is needed no more changes nothing: its pointer names no record of the address, and its
-- moments are older than every window. It is deleted when its page has grown.
--
-- The head spares a rule from asking for count and TTL. Its last 4 bytes stand where those of an entry do, so
-- that a version without heads takes it for an entry. Such a version leaves a page without one, or with a
-- count that is too small; both are corrected when the page is looked through.
--
-- In a store of format 1 each address has a key, a:<address digest>: pointer 12 | log. Rules see it as an
-- entry without a time.
--- @include partition

local LOG_AT, NO_TIME = 17, '\0\0\0\0'
local HEAD, ZEROS = '', string.rep('\0', 8)

-- A page is looked through at each multiple of its step, which is between a quarter and a half of its
-- entries. So at most half of a page is needed no more, and a new entry pays for reading four at most.
local LEAST_STEP = 8

-- A page's TTL is set longer than needed, so that most writes leave it as it is.
local SLACK = 1.25

local function key_of(address) return prefix .. 'a:' .. address end

-- The key of an address's page, and the field of its entry. A rule mostly asks for the same address twice.
local placed, placed_page, placed_field
local function place_of(address)
  if address ~= placed then
    local first, second = string.byte(address, 1, 2)
    placed, placed_field = address, string.sub(address, 2)
    placed_page = prefix .. 'a:' .. string.char(first, second - second % 8)
  end
  return placed_page, placed_field
end

-- The heads of pages that this run has read: the count of entries, and until when a page lives, in seconds.
local counts, lives_until = {}, {}

local function read_entry(address)
  if not has_pages then
    local value = redis.call('GET', key_of(address))
    return value and string.sub(value, 1, 12) .. NO_TIME .. string.sub(value, 13) or nil
  end
  local page, field = place_of(address)
  if counts[page] then return redis.call('HGET', page, field) or nil end
  local found = redis.call('HMGET', page, field, HEAD)
  counts[page], lives_until[page] = 0, 0
  if found[2] then counts[page], lives_until[page] = struct.unpack('>I4I4', found[2], 9) end
  return found[1] or nil
end
local function pointer_in(entry) return entry and string.sub(entry, 1, 12) or NOBODY end
local function log_in(entry) return entry and string.sub(entry, LOG_AT) or '' end
-- A time in ms as an entry has it, cached like text_of.
local until_texts = {}
local function until_text(ms)
  local text = until_texts[ms]
  if text then return text end
  text = struct.pack('>I4', math.ceil(ms / 1000))
  until_texts[ms] = text
  return text
end
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

local function head_of(page) return ZEROS .. struct.pack('>I4I4', counts[page], lives_until[page]) end

-- Deletes entries that are needed no more, and counts the others.
local function delete_outdated(page, now)
  local flat, left = redis.call('HGETALL', page), 0
  for i = 1, #flat, 2 do
    if flat[i] ~= HEAD then
      if until_in(flat[i + 1]) * 1000 < now then redis.call('HDEL', page, flat[i]) else left = left + 1 end
    end
  end
  if left == counts[page] then return end
  counts[page] = left
  redis.call('HSET', page, HEAD, head_of(page))
end

-- Writes an entry that is needed for so many ms from now, or for longer if `entry`, the one before, was. It
-- was read in this rule.
local function write_entry(now, address, entry, pointer, log, ms)
  if not has_pages then
    local key = key_of(address)
    local left = entry and redis.call('PTTL', key) or 0
    redis.call('SET', key, pointer .. log, 'PX', text_of(math.max(left, ms)))
    return
  end
  local page, field = place_of(address)
  local needed_until = now + ms
  if entry then needed_until = math.max(until_in(entry) * 1000, needed_until) end
  local written = pointer .. until_text(needed_until) .. log
  local is_longer = lives_until[page] * 1000 < now + ms
  if entry and not is_longer then
    redis.call('HSET', page, field, written)
    return
  end
  if not entry then counts[page] = counts[page] + 1 end
  if is_longer then lives_until[page] = math.floor((now + SLACK * ms) / 1000) end
  redis.call('HSET', page, field, written, HEAD, head_of(page))
  -- A page without a head may be one that lives longer.
  if is_longer and redis.call('PTTL', page) < SLACK * ms then
    redis.call('PEXPIRE', page, text_of(math.ceil(SLACK * ms)))
  end
  if not entry and is_multiple_of_step(counts[page]) then delete_outdated(page, now) end
end
