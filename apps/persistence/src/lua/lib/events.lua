-- Events: recorded and counted in the same atomic step as the change.
--
--   events        stream, trimmed to about most_events. Fields: k the kind, i the identity's member or '',
--                 d the sealed detail or ''
--   k:<minute>    hash of counts: each kind of event, t1 … t11, classes of the time from registration to
--                 number, s1 … s11, classes of the time from registration or resend to the relay's reply,
--                 and <kind>:<reason>, delivery problems by the class of their reason
--   s:<digest>    the moment at which a number was last mailed again, while it lives (resend.lua)
--   rolled        the last hour that was added up (roll-up.lua)
--- @include partition

-- Upper bounds of t1 … t10 in seconds. t11 counts everything longer.
local WAITS = { 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 }
-- Upper bounds of s1 … s10 in ms. s11 counts everything longer.
local DELIVERIES = { 250, 500, 1000, 2000, 5000, 10000, 30000, 60000, 300000, 1800000 }

-- The counts of a run's calls, by minute and field.
local tallies = {}
-- Those of the minute of `tallied_at`.
local tallied_at, counts

local function tally(now, field)
  if now ~= tallied_at then
    local minute = math.floor(now / 60000)
    counts = tallies[minute] or {}
    tallies[minute], tallied_at = counts, now
  end
  counts[field] = (counts[field] or 0) + 1
end

local function write_tallies()
  for minute, by_field in pairs(tallies) do
    local key = prefix .. 'k:' .. text_of(minute)
    for field, count in pairs(by_field) do
      if redis.call('HINCRBY', key, field, count) == count then
        -- Once a minute for each kind is enough to keep counts and events for a day.
        redis.call('PEXPIRE', key, LONGEST)
        redis.call('PEXPIRE', prefix .. 'events', LONGEST)
        local before = string.format('%d', math.floor(minute / 60) - 1)
        redis.call('SET', prefix .. 'rolled', before, 'NX', 'PX', LONGEST + HOUR)
      end
    end
  end
  tallies, tallied_at = {}, nil
end
at_end[#at_end + 1] = write_tallies

-- The stream is trimmed once a run.
local events, is_trimmed = prefix .. 'events', false

local function happened(now, kind, member, sealed)
  if is_trimmed then
    redis.call('XADD', events, '*', 'k', kind, 'i', member, 'd', sealed or '')
  else
    redis.call('XADD', events, 'MAXLEN', '~', most_events, '*', 'k', kind, 'i', member, 'd', sealed or '')
    is_trimmed = true
  end
  tally(now, kind)
end

-- Counts a delivery problem by its reason, beside its event.
local function tally_reason(now, kind, reason) tally(now, kind .. ':' .. (reason ~= '' and reason or 'other')) end

-- Records an event of the whole tenant, at most once in `ms`.
local function happened_once(now, kind, ms)
  if redis.call('SET', prefix .. 'o:' .. kind, '', 'NX', 'PX', text_of(ms)) then happened(now, kind, '') end
end

local function class_of(value, bounds)
  local slot = 1
  while slot <= #bounds and value > bounds[slot] do slot = slot + 1 end
  return slot
end

local function tally_wait(now, record) tally(now, 't' .. class_of((now - created_at(record)) / 1000, WAITS)) end

-- No resend follows its registration within a second, so most mails need no look at the moment of a resend.
local function tally_delivery(now, digest, record)
  local ms = now - created_at(record)
  local resent = ms > 1000 and redis.call('GET', prefix .. 's:' .. digest)
  if resent then ms = now - unpack_moment(resent) end
  tally(now, 's' .. class_of(ms, DELIVERIES))
end
