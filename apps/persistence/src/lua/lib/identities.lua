-- Identities: removing them, and finding them by address.
--- @include partition
--- @include buckets
--- @include addresses

-- Deletes an identity's record and bucket entry. The pointer of its address names it still.
local function remove_record(digest, record)
  redis.call('DEL', prefix .. 'n:' .. digest)
  take_out(bucket_of(record), digest .. salt_of(record))
end

-- Deletes an identity: its record, its bucket entry and the pointer of its address. The log of the address
-- stays, because limits outlive numbers.
local function remove(digest, record)
  remove_record(digest, record)
  local address = address_of(record)
  local entry = read_entry(address)
  if pointer_in(entry) ~= digest then return end
  local log = log_in(entry)
  if log == '' then delete_entry(address) else change_entry(address, entry, NOBODY, log) end
end

-- The live identity that an address's pointer names. Returns its number digest and record, or nil. `first`
-- and `width`: the column of the address digests. The pointer may outlive the identity, and its number may
-- belong to another one by now, so the record must name the address.
local function live_of(pointer, first, width)
  if pointer == NOBODY then return nil end
  local record = redis.call('GET', prefix .. 'n:' .. pointer)
  if record and is_in_column(address_of(record), first, width) then return pointer, record end
  return nil
end

-- The same for an address.
local function live_at(address, first, width) return live_of(pointer_in(read_entry(address)), first, width) end

-- Returns the newest digest of an address in a column. After a change of the key ring its entry may still be
-- that of another digest. Then it is moved, so that an address has one pointer and one log.
local function rekey_address(now, first, width)
  local mine = ARGV[first]
  for at = first + width, #ARGV, width do
    local other = ARGV[at]
    local entry = read_entry(other)
    if entry then
      local is_moved = not read_entry(mine)
      local digest, record = live_of(pointer_in(entry), first, width)
      local ms = left_of(now, other, entry)
      -- A full Redis allows this write, and then those after it.
      delete_entry(other)
      if is_moved then
        write_entry(now, mine, entry, pointer_in(entry), log_in(entry), ms)
      elseif digest then
        remove(digest, record)
      end
    end
  end
  return mine
end

-- Returns the name of a key by the newest digest in a column. After a change of the key ring the key may
-- still have the name of another digest. Then it is renamed, so that a client has one log.
local function rekey(kind, first, width)
  local mine = prefix .. kind .. ARGV[first]
  for at = first + width, #ARGV, width do
    local other = prefix .. kind .. ARGV[at]
    if redis.call('EXISTS', other) == 1 then
      if redis.call('EXISTS', mine) == 0 then
        redis.call('RENAME', other, mine)
      else
        redis.call('DEL', other)
      end
    end
  end
  return mine
end
