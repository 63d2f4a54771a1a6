-- Windows: at most `max` calls in any window, counted in slots of a sixtieth of it. For limits so high that a
-- log of moments would be too long.
--
--   w:<name>:<window in ms>  the slots of the window, oldest first: slot 6 bytes | count 4
--- @include partition

local SLOTS, SLOT_BYTES = 60, 10

-- Each window is read once a run, and written once at its end.
local windows = {}

local function read_window(key, rate)
  local window = { total = 0, rate = rate }
  local text = redis.call('GET', key) or ''
  for at = 1, #text, SLOT_BYTES do
    local counted = struct.unpack('>I4', text, at + 6)
    window[#window + 1] = { slot = unpack_short(text, at), count = counted }
    window.total = window.total + counted
  end
  windows[key] = window
  return window
end

-- The window of a rate (limits.lua) now.
local function window_of(name, rate, now)
  local key = prefix .. 'w:' .. name .. ':' .. text_of(rate.window)
  local window = windows[key] or read_window(key, rate)
  window.current = math.floor(now * SLOTS / rate.window)
  while window[1] and window[1].slot < window.current - SLOTS do
    window.total = window.total - window[1].count
    table.remove(window, 1)
  end
  return window
end

-- Seconds until the window allows one more call. 0 = now.
local function seconds_until_room(window, rate, now)
  local left = window.total
  if left < rate.max then return 0 end
  for _, slot in ipairs(window) do
    left = left - slot.count
    if left < rate.max then
      local over = (slot.slot + SLOTS + 1) * rate.window / SLOTS
      return math.max(1, math.ceil((over - now) / 1000))
    end
  end
end

local function count_in(window)
  local newest = window[#window]
  -- After the clock stepped back the newest slot is in the future.
  if newest and newest.slot >= window.current then
    newest.count = newest.count + 1
  else
    window[#window + 1] = { slot = window.current, count = 1 }
  end
  window.total = window.total + 1
  window.has_changed = true
end

at_end[#at_end + 1] = function()
  for key, window in pairs(windows) do
    if window.has_changed then
      local slots = {}
      for i, slot in ipairs(window) do slots[i] = pack_short(slot.slot) .. struct.pack('>I4', slot.count) end
      local life = window.rate.window * (SLOTS + 2) / SLOTS
      redis.call('SET', key, table.concat(slots), 'PX', text_of(math.ceil(life)))
    end
  end
end
