-- Partition: shared by all rules of messages.
--
-- KEYS[1] is a partition's key prefix, "ea:mail:{partition}:". Every key of a rule is this prefix plus a
-- suffix, so all are in one hash slot:
--   messages:<identity id>  the messages of an identity: one MessagePack map (string), because a hash of sealed
--                           values takes twice the memory. Its fields, each but the first three with the id
--                           of a message, '' for the one whose id is the identity's:
--                             k   when the key may expire, Unix milliseconds
--                             n   id of the newest message
--                             x   the identity was dropped
--                             a:  attempts so far
--                             l:  end of the lease in Unix milliseconds, owner
--                             r:  sealed request, until the message is complete
--                             d:  sealed record of a deferred message
--                             c:  sealed record of a complete message
--   under-way               messages under way (sorted set by the end of their lease)
--   state:<state>           messages in a state (sorted set by their last change)
--   id:<digest>             a message's name, found by the Message-ID of its mail

local prefix = KEYS[1]

-- How long a list is kept after its last change, and how many messages (the latest) a state's list keeps.
local LISTS_KEPT = 24 * 3600000
local LISTED = 10000

-- The key and the fields of an identity's messages. No fields: nothing is kept of it.
local function read(identity)
  local key = prefix .. 'messages:' .. identity
  local value = redis.call('GET', key)
  return key, value and cmsgpack.unpack(value)
end

-- Reads what the name of a message means: the key, the fields or nil, and the message's id in them.
local function messages_of(name)
  local blank = string.find(name, ' ', 1, true)
  local identity, id = string.sub(name, 1, blank - 1), string.sub(name, blank + 1)
  local key, fields = read(identity)
  return key, fields, id == identity and '' or id
end

-- Writes the fields. The key never expires sooner than it would have.
local function write(key, fields, kept_until)
  fields.k = math.max(fields.k or 0, kept_until)
  redis.call('SET', key, cmsgpack.pack(fields), 'PXAT', string.format('%.0f', fields.k))
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

after_all = function()
  for list, names in pairs(removed) do redis.call('ZREM', prefix .. list, unpack(names)) end
  for list, rows in pairs(added) do
    redis.call('ZADD', prefix .. list, unpack(rows))
    if list ~= 'under-way' then redis.call('ZREMRANGEBYRANK', prefix .. list, 0, -1 - LISTED) end
    redis.call('PEXPIRE', prefix .. list, LISTS_KEPT)
  end
end
