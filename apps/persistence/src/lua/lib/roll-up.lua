-- Rolling up: the minutes of a past hour are added up once, into the hash of the hour and that of its day.
--- @include partition

local KEEP_HOURS, KEEP_DAYS = 32 * DAY, 400 * DAY

local function add_up(sums, key)
  local fields = redis.call('HGETALL', key)
  for i = 1, #fields, 2 do sums[fields[i]] = (sums[fields[i]] or 0) + tonumber(fields[i + 1]) end
end

local function add_up_hour(sums, hour)
  for minute = hour * 60, hour * 60 + 59 do add_up(sums, prefix .. 'k:' .. string.format('%d', minute)) end
end

-- The last hour that was added up, or nil when nothing was counted for long.
local function rolled_hour()
  local rolled = redis.call('GET', prefix .. 'rolled')
  return rolled and tonumber(rolled)
end

-- Adds up at most `hours` hours, so that it does not block Redis after a long pause.
local function roll_up(now, hours)
  local rolled, current = rolled_hour(), math.floor(now / HOUR)
  if not rolled then return end
  while rolled < current - 1 and hours > 0 do
    rolled, hours = rolled + 1, hours - 1
    local sums = {}
    add_up_hour(sums, rolled)
    local hour_key = prefix .. 'kh:' .. string.format('%d', rolled)
    local day_key = prefix .. 'kd:' .. string.format('%d', math.floor(rolled / 24))
    for field, count in pairs(sums) do
      redis.call('HSET', hour_key, field, string.format('%d', count))
      redis.call('HINCRBY', day_key, field, string.format('%d', count))
    end
    if next(sums) then
      redis.call('PEXPIRE', hour_key, KEEP_HOURS)
      redis.call('PEXPIRE', day_key, KEEP_DAYS)
    end
    redis.call('SET', prefix .. 'rolled', string.format('%d', rolled), 'PX', LONGEST + HOUR)
  end
end
