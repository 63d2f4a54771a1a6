-- Due: when the sweep comes to this partition next. The list of due partitions lies outside it, on any node
-- of a Cluster (rules/due-announce.lua), so the partition keeps what was agreed.
--
--   due    the time in ms at which the sweep comes at the latest. No key: the partition is not listed
--- @include partition

-- A visit may be this late. After that a rule announces the partition again.
local VISIT_LATE = 10000

-- Read once a run.
local due

-- Whether the caller must announce that this partition is due at `at`: the sweep would come later than that.
local function must_announce(now, at)
  due = due or tonumber(redis.call('GET', prefix .. 'due') or 0)
  if due <= at and due > now - VISIT_LATE then return false end
  due = at
  redis.call('SET', prefix .. 'due', text_of(at), 'PX', text_of(at - now + HOUR))
  return true
end
