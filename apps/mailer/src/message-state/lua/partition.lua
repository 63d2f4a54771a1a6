-- Partition: shared by all rules of messages.
--
-- KEYS[1] is a partition's key prefix, "ea:mail:{partition}:". Every key of a rule is this prefix plus a
-- suffix, so all are in one hash slot:
--   messages:<identity id>  the messages of an identity (hash), see message-store.ts
--   under-way               messages under way (sorted set by the end of their lease)
--   state:<state>           messages in a state (sorted set by their last change)
--   id:<digest>             a message's name, found by the Message-ID of its mail
--- @include clock

local prefix = KEYS[1]

-- How long a list is kept after its last change, and how many messages (the latest) a state's list keeps.
local LISTS_KEPT = 24 * 3600000
local LISTED = 10000

-- Splits a message's name: the key of its identity's messages, and its id.
local function messages_of(name)
  local blank = string.find(name, ' ', 1, true)
  return prefix .. 'messages:' .. string.sub(name, 1, blank - 1), string.sub(name, blank + 1)
end

local function owner_of(lease) return string.match(lease, ' (.*)$') end

-- Extends the TTL of a hash of messages to this time. Never shortens it.
local function keep(messages, until_ms)
  if redis.call('PTTL', messages) < tonumber(until_ms) - clock() then redis.call('PEXPIREAT', messages, until_ms) end
end

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
