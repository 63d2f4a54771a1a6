-- Windows: at most `max` calls in any window, counted in slots of a sixtieth of it. For limits so high that a
-- log of moments would be too long.
--
--   w:<name>:<window in ms>  the slots of the window, oldest first: slot 6 bytes | count 4
--- @include partition

local SLOTS, SLOT_BYTES = 60, 10

-- Each window is read once a run, and written once at its end. By name, then by the length in ms:
--   text      the slots as they were read
--   flat      the same as numbers, three for each: the high and the low bits of the slot, and its count
--   first     index in `flat` of the oldest slot that is in the window now
--   changed   index in `flat` of the first slot that this run has changed, or nil
local windows = {}

local function read_window(key)
  local text, total = redis.call('GET', key) or '', 0
  local flat = { struct.unpack('>' .. string.rep('I2I4I4', #text / SLOT_BYTES), text) }
  -- Where it ended.
  flat[#flat] = nil
  for i = 3, #flat, 3 do total = total + flat[i] end
  return { key = key, text = text, flat = flat, first = 1, total = total }
end

local function slot_at(flat, i) return flat[i] * 2 ^ 32 + flat[i + 1] end

-- The window of a rate (limits.lua) now.
local function window_of(name, rate, now)
  local of_name = windows[name] or {}
  windows[name] = of_name
  local window = of_name[rate.window]
  if window and window.now == now then return window end
  if not window then
    window = read_window(prefix .. 'w:' .. name .. ':' .. text_of(rate.window))
    of_name[rate.window] = window
  end
  window.now, window.current = now, math.floor(now * SLOTS / rate.window)
  local flat = window.flat
  -- After the clock was set back these would stay in the window until it has caught up. One slot may be a
  -- difference between two servers.
  while flat[window.first] and slot_at(flat, #flat - 2) > window.current + 1 do
    window.total = window.total - flat[#flat]
    flat[#flat], flat[#flat - 1], flat[#flat - 2] = nil, nil, nil
  end
  while flat[window.first] and slot_at(flat, window.first) < window.current - SLOTS do
    window.total = window.total - flat[window.first + 2]
    window.first = window.first + 3
  end
  return window
end

-- Seconds until the window allows one more call. 0 = now.
local function seconds_until_room(window, rate, now)
  local left, flat = window.total, window.flat
  if left < rate.max then return 0 end
  for i = window.first, #flat, 3 do
    left = left - flat[i + 2]
    if left < rate.max then
      local over = (slot_at(flat, i) + SLOTS + 1) * rate.window / SLOTS
      return math.max(1, math.ceil((over - now) / 1000))
    end
  end
end

local function count_in(window)
  local flat = window.flat
  local newest = #flat - 2
  -- After the clock stepped back the newest slot is in the future.
  if newest < window.first or slot_at(flat, newest) < window.current then
    newest = newest + 3
    flat[newest], flat[newest + 1] = math.floor(window.current / 2 ^ 32), window.current % 2 ^ 32
    flat[newest + 2] = 0
  end
  flat[newest + 2] = flat[newest + 2] + 1
  window.total = window.total + 1
  window.changed = window.changed or newest
end

-- Slots that did not change are written as they were read.
at_end[#at_end + 1] = function()
  for _, of_name in pairs(windows) do
    for length, window in pairs(of_name) do
      if window.changed then
        local flat, before = window.flat, SLOT_BYTES * (window.changed - 1) / 3
        local text = string.sub(window.text, SLOT_BYTES * (window.first - 1) / 3 + 1, before)
        for i = window.changed, #flat, 3 do text = text .. struct.pack('>I2I4I4', flat[i], flat[i + 1], flat[i + 2]) end
        redis.call('SET', window.key, text, 'PX', text_of(math.ceil(length * (SLOTS + 2) / SLOTS)))
      end
    end
  end
end
