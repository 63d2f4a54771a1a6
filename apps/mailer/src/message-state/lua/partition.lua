-- Partition: shared by all rules of messages.
--
-- KEYS[1] is a partition's key prefix, "ea:mail:{partition}:". Every key of a rule is this prefix plus a
-- suffix, so all are in one hash slot:
--   messages:<identity id>  the messages of an identity: one string, because a hash of sealed values takes
--                           twice the memory. The count of fields (4 bytes), then for each the lengths of
--                           name and value (2 and 4 bytes), name and value. The fields, each but the first
--                           two with the id of a message, '' for the one whose id is the identity's:
--                             n   id of the newest message
--                             x   the identity was dropped
--                             a:  attempts so far
--                             l:  end of the lease in Unix milliseconds, owner
--                             r:  sealed request, until the message is complete
--                             d:  sealed record of a deferred message
--                             c:  sealed record of a complete message
--   under-way               messages under way (sorted set by the end of their lease)
--   state:<state>           messages in a state (sorted set by their last change)
--   id:<digest>             a message's name, found by the Message-ID of its mail; of a message whose id is
--                           the identity's, that id alone

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

-- The key and the fields of an identity's messages. No fields: nothing is kept of it.
local function read(identity)
  local key = prefix .. 'messages:' .. identity
  local value = redis.call('GET', key)
  if not value then return key end
  local count, at = struct.unpack('>I4', value)
  local fields = {}
  while count > 0 do
    local slice = math.min(count, SLICE)
    local flat = { struct.unpack(format_of(slice), value, at) }
    for i = 1, 2 * slice, 2 do fields[flat[i]] = flat[i + 1] end
    count, at = count - slice, flat[2 * slice + 1]
  end
  return key, fields
end

-- Reads what the name of a message means: the key, the fields if any, the message's id in them, and the
-- identity's id.
local function messages_of(name)
  local blank = string.find(name, ' ', 1, true)
  local identity, id = string.sub(name, 1, blank - 1), string.sub(name, blank + 1)
  local key, fields = read(identity)
  return key, fields, id == identity and '' or id, identity
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

after_all = function()
  for list, names in pairs(removed) do redis.call('ZREM', prefix .. list, unpack(names)) end
  for list, rows in pairs(added) do
    redis.call('ZADD', prefix .. list, unpack(rows))
    if list ~= 'under-way' then redis.call('ZREMRANGEBYRANK', prefix .. list, 0, -1 - LISTED) end
    redis.call('PEXPIRE', prefix .. list, LISTS_KEPT)
  end
end
