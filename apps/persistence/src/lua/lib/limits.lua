-- Limits: at most `max` calls in any window, counted exactly by a log of moments.
--
-- A rate list is "max:windowMs" or "max:windowMs,max:windowMs". An empty one limits nothing.
--- @include partition
--- @include identities

-- The rates of a list. `most`: their greatest `max`. `longest`: their longest window in ms.
local function parse_rates(text)
  local rates = { most = 0, longest = 0 }
  for max, window in string.gmatch(text, '(%d+):(%d+)') do
    local rate = { max = tonumber(max), window = tonumber(window) }
    rates[#rates + 1] = rate
    rates.most, rates.longest = math.max(rates.most, rate.max), math.max(rates.longest, rate.window)
  end
  return rates
end

-- The same, parsed once a run, because its calls mostly have the same rates.
local rates_of = setmetatable({}, {
  __index = function(parsed, text)
    parsed[text] = parse_rates(text)
    return parsed[text]
  end,
})

-- The lengths of logs, read once a run.
local lengths = {}
local function length_of(key)
  local length = lengths[key]
  if not length then
    length = redis.call('STRLEN', key)
    lengths[key] = length
  end
  return length
end

-- Ms until this moment has left the window. One that is later than now has left it: the clock was set back
-- since, and callers would otherwise wait until it has caught up.
local function ms_in_window(moment, window, now)
  if moment > now then return 0 end
  return math.max(0, moment + window - now)
end

-- Seconds until the log at `key` allows one more call. 0 = now.
local function seconds_to_wait(key, rates, now)
  local wait = 0
  local length = length_of(key)
  for i = 1, #rates do
    local rate = rates[i]
    local at = length - 8 * rate.max
    if at >= 0 then
      local moment = unpack_moment(redis.call('GETRANGE', key, at, at + 7))
      wait = math.max(wait, ms_in_window(moment, rate.window, now))
    end
  end
  return math.ceil(wait / 1000)
end

-- The same for a log that was read already.
local function seconds_to_wait_in(log, rates, now)
  if log == '' then return 0 end
  local wait = 0
  for i = 1, #rates do
    local rate = rates[i]
    local at = #log - 8 * rate.max
    if at >= 0 then wait = math.max(wait, ms_in_window(unpack_moment(log, at + 1), rate.window, now)) end
  end
  return math.ceil(wait / 1000)
end

-- Whether half of a rate's `max` was used within its window.
local function is_half_used(key, rate, now)
  local at = length_of(key) - 8 * math.ceil(rate.max / 2)
  return at >= 0 and ms_in_window(unpack_moment(redis.call('GETRANGE', key, at, at + 7)), rate.window, now) > 0
end

-- The same log with this moment, and without those that no rate needs any more.
local function logged_in(log, rates, now)
  if rates.most == 0 then return log end
  if log == '' then return pack_moment(now) end
  return string.sub(log .. pack_moment(now), -8 * rates.most)
end

-- Appends a moment to the log, and drops those that no rate needs any more. The key then lives for the
-- longest window, which is set once a run.
local function count(key, rates, now)
  if rates.most == 0 then return end
  local length = redis.call('APPEND', key, pack_moment(now))
  if length > 16 * rates.most then
    redis.call('SET', key, string.sub(redis.call('GET', key), -8 * rates.most), 'KEEPTTL')
    length = 8 * rates.most
  end
  lengths[key] = length
  keep_alive(key, rates.longest)
end

-- The log for the digests of a column, or nil. A client has one for its network and one for its IPv6 /48.
local function log_in_column(kind, first, width)
  if ARGV[first] == '' then return nil end
  return rekey(kind, first, width)
end

-- Like seconds_to_wait, for two logs that may be missing.
local function seconds_to_wait_of(one, one_rates, other, other_rates, now)
  local wait = one and seconds_to_wait(one, one_rates, now) or 0
  if other then wait = math.max(wait, seconds_to_wait(other, other_rates, now)) end
  return wait
end
