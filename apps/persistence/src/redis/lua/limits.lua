-- Limits: at most so many in any window, counted exactly by a log of moments.
--
-- A rate list reads "max:windowMs" or "max:windowMs,max:windowMs"; an empty one limits nothing.

local function parse_rates(text)
  local rates = {}
  for max, window in string.gmatch(text, '(%d+):(%d+)') do
    rates[#rates + 1] = { max = tonumber(max), window = tonumber(window) }
  end
  return rates
end

-- Seconds until the log at `key` (after `head` bytes) lets one more in; 0 = now.
local function seconds_to_wait(key, head, rates, now)
  local wait = 0
  local length = redis.call('STRLEN', key)
  for _, rate in ipairs(rates) do
    local at = length - 8 * rate.max
    if at >= head then
      local free = unpack_moment(redis.call('GETRANGE', key, at, at + 7)) + rate.window
      if free > now then wait = math.max(wait, free - now) end
    end
  end
  return math.ceil(wait / 1000)
end

-- The longest window of a rate list, in ms.
local function longest_window(rates)
  local window = 0
  for _, rate in ipairs(rates) do window = math.max(window, rate.window) end
  return window
end

-- Writes one more moment into the log, forgets those that no rate asks for any more, and keeps the key as long as the longest
-- window; where the key is more than a log, as long as it lives already or longer.
local function count(key, head, rates, now)
  local keep, window = 0, longest_window(rates)
  for _, rate in ipairs(rates) do keep = math.max(keep, rate.max) end
  local length = redis.call('APPEND', key, pack_moment(now))
  if length - head > 16 * keep then
    local value = redis.call('GET', key)
    redis.call('SET', key, string.sub(value, 1, head) .. string.sub(value, -8 * keep), 'KEEPTTL')
  end
  if head == 0 or redis.call('PTTL', key) < window then redis.call('PEXPIRE', key, window) end
end
