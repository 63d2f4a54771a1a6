-- Events: what happens is told and counted in the same step as it happens.
--
--   events          stream, trimmed to about most_events: k what happened, i the identity (number digest and salt) or '', d sealed, or ''
--   k:<minute>      hash: how often each kind happened, and t1 … t11: how long people took from mail to number
--   rolled          the last hour that is summed up (roll-up.lua)

-- Upper bounds in seconds of t1 … t10; t11 is all that took longer.
local WAITS = { 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 }

-- What the calls of a run have counted, by minute and field.
local tallies = {}

local function tally(now, field)
  local minute = math.floor(now / 60000)
  local counts = tallies[minute] or {}
  tallies[minute] = counts
  counts[field] = (counts[field] or 0) + 1
end

local function write_tallies()
  for minute, counts in pairs(tallies) do
    local key = prefix .. 'k:' .. text_of(minute)
    for field, count in pairs(counts) do
      if redis.call('HINCRBY', key, field, count) == count then
        -- Once a minute for each kind is often enough to keep everything that is counted and told alive for a day.
        redis.call('PEXPIRE', key, LONGEST)
        redis.call('PEXPIRE', prefix .. 'events', LONGEST)
        local before = string.format('%d', math.floor(minute / 60) - 1)
        redis.call('SET', prefix .. 'rolled', before, 'NX', 'PX', LONGEST + HOUR)
      end
    end
  end
  tallies = {}
end
at_end[#at_end + 1] = write_tallies

-- Once a run is often enough for the stream to be trimmed.
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

-- Tells something of the whole tenant, at most once in so many ms.
local function happened_once(now, kind, ms)
  if redis.call('SET', prefix .. 'o:' .. kind, '', 'NX', 'PX', text_of(ms)) then happened(now, kind, '') end
end

local function tally_wait(now, record)
  local seconds, slot = (now - created_at(record)) / 1000, 1
  while slot <= #WAITS and seconds > WAITS[slot] do slot = slot + 1 end
  tally(now, 't' .. slot)
end
