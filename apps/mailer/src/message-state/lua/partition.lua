-- Partition: shared by all rules of messages.
--
-- KEYS[1] is a partition's key prefix, "ea:mail:{partition}:". Every key of a rule is this prefix plus a
-- suffix, so all are in one hash slot:
--   m:<state>     the messages of an identity, by the first 22 characters of the digest that the Message-ID
--                 of its first one shows, so that one key serves both. One string, because a hash of sealed
--                 values takes twice the memory. The count of fields (4 bytes), then for each the lengths of
--                 name and value (2 and 4 bytes), name and value. A state of `i` and `c:` alone is shorter,
--                 because nearly all are: the byte 1, the length of i (1 byte), i, c:. The fields, those with
--                 a colon followed by the id of a message, '' for the one whose id is the identity's:
--                   n   id of the newest message, if it is not the one with ''
--                   i   the identity's id, once its first mail was sent (identity-bytes.ts)
--                   x   the identity was dropped
--                   a:  attempts so far
--                   l:  end of the lease in Unix milliseconds, owner
--                   r:  sealed request, from the first promise to send it on, until the message is complete
--                   d:  sealed record of a deferred message
--                   c:  sealed record of a complete message
--   busy          mailers that have messages under way (sorted set by the end of their latest lease)
--   under-way     kept messages under way (sorted set by the end of their lease)
--   state:<state> messages in a state (sorted set by their last change)
--   id:<digest>   a further message's name, found by the Message-ID of its mail

local prefix = KEYS[1]

-- How long a list is kept after its last change, and how many messages (the latest) a state's list keeps.
local LISTS_KEPT = 24 * 3600000
local LISTED = 10000

-- Formats of struct by the count of fields. One call from Lua into C for many fields is cheaper than one for
-- each. Lua's stack bounds what one call takes.
local SLICE = 500
local formats = {}
local function format_of(count)
  formats[count] = formats[count] or '>' .. string.rep('I2c0I4c0', count)
  return formats[count]
end

local SHORT = '\1'
local function fields_of(value)
  if string.sub(value, 1, 1) == SHORT then
    local identity, at = struct.unpack('Bc0', value, 2)
    return { i = identity, ['c:'] = string.sub(value, at) }
  end
  local count, at = struct.unpack('>I4', value)
  local fields = {}
  while count > 0 do
    local slice = math.min(count, SLICE)
    local flat = { struct.unpack(format_of(slice), value, at) }
    for i = 1, 2 * slice, 2 do fields[flat[i]] = flat[i + 1] end
    count, at = count - slice, flat[2 * slice + 1]
  end
  return fields
end

-- The key and the fields of an identity's messages. No fields: nothing is kept of it.
local function read(state)
  local key = prefix .. 'm:' .. state
  local value = redis.call('GET', key)
  return key, value and fields_of(value) or nil
end

-- Nearly every state is written twice: by the claim of an identity's first message, and when it was sent.
-- Both need no table. The first has the same bytes as `write` makes of the fields.
local function first_claim(lease) return struct.pack('>I4I2c0I4c0I2c0I4c0', 2, 2, 'a:', 1, '1', 2, 'l:', #lease, lease) end
local function first_sent(identity, record)
  -- Longer than one byte can say.
  if #identity > 255 then
    return struct.pack('>I4I2c0I4c0I2c0I4c0', 2, 2, 'c:', #record, record, 1, 'i', #identity, identity)
  end
  return SHORT .. string.char(#identity) .. identity .. record
end
-- Whether a state is that of a first message that this mailer has claimed, and nothing else.
local CLAIM_BEGINS = string.sub(first_claim(''), 1, -5)
local LEASE_DIGITS = 13
local function is_first_claim(value, owner)
  if string.sub(value, 1, #CLAIM_BEGINS) ~= CLAIM_BEGINS then return false end
  return #value == #CLAIM_BEGINS + 4 + LEASE_DIGITS + 1 + #owner and string.sub(value, -#owner) == owner
end

-- Writes the fields. The key expires at this time, Unix milliseconds, or nil: when it would have.
local function write(key, fields, kept_until)
  local slices, flat, slice, count = {}, {}, 0, 0
  for name, text in pairs(fields) do
    if slice == SLICE then
      slices[#slices + 1] = struct.pack(format_of(slice), unpack(flat, 1, 4 * slice))
      slice = 0
    end
    slice, count = slice + 1, count + 1
    flat[4 * slice - 3], flat[4 * slice - 2], flat[4 * slice - 1], flat[4 * slice] = #name, name, #text, text
  end
  local last = slice == 0 and '' or struct.pack(format_of(slice), unpack(flat, 1, 4 * slice))
  local value = struct.pack('>I4', count) .. table.concat(slices) .. last
  if kept_until then
    redis.call('SET', key, value, 'PXAT', kept_until)
  else
    redis.call('SET', key, value, 'KEEPTTL')
  end
end

-- Whether a call of this run has written.
local has_written = false
-- A write that changes nothing. A full Redis allows it, and then those after it.
local function write_despite_full()
  if not has_written then redis.call('ZREM', prefix .. 'under-way', '') end
  has_written = true
end

-- A lease as it is written, once a run: the calls of a run mostly have the same one.
local lease_text, lease_ms, lease_owner
local function lease_of(now, ms, owner)
  if ms ~= lease_ms or owner ~= lease_owner then
    lease_text, lease_ms, lease_owner = string.format('%.0f', now + tonumber(ms)) .. ' ' .. owner, ms, owner
  end
  return lease_text
end
local function owner_of(lease) return string.match(lease, ' (.*)$') end

-- List changes of all calls in this run. The run writes them once at its end, in the same atomic step.
local added, removed = {}, {}

local function add_to(list, score, name)
  local rows = added[list] or {}
  added[list] = rows
  rows[#rows + 1] = score
  rows[#rows + 1] = name
end

local function remove_from(list, name)
  local names = removed[list] or {}
  removed[list] = names
  names[#names + 1] = name
end

-- The end of the latest lease that this run gave, and the mailer that has it. A run is of one mailer.
local leased_until, leased_by = 0, nil
local function note_lease(ends, owner) leased_until, leased_by = math.max(leased_until, tonumber(ends)), owner end

after_all = function()
  if leased_by then
    redis.call('ZADD', prefix .. 'busy', 'GT', string.format('%.0f', leased_until), leased_by)
    redis.call('PEXPIRE', prefix .. 'busy', LISTS_KEPT)
  end
  for list, names in pairs(removed) do redis.call('ZREM', prefix .. list, unpack(names)) end
  for list, rows in pairs(added) do
    redis.call('ZADD', prefix .. list, unpack(rows))
    if list ~= 'under-way' then redis.call('ZREMRANGEBYRANK', prefix .. list, 0, -1 - LISTED) end
    redis.call('PEXPIRE', prefix .. list, LISTS_KEPT)
  end
end
