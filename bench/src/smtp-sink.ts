import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { answerParent } from './answer.ts'

// The cheapest SMTP server that takes mails: it understands commands that come in one piece or many, answers them, counts mails
// and keeps only the last one.

const END_OF_MAIL = '\r\n.\r\n'
let mails = 0
let lastMail = ''

function serve(socket: Socket): void {
  let rest = ''
  let inMail = false
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.on('error', () => socket.destroy())
  socket.write('220 sink ESMTP\r\n')
  socket.on('data', (chunk) => {
    rest += chunk
    let replies = ''
    for (;;) {
      const end = rest.indexOf(inMail ? END_OF_MAIL : '\r\n')
      if (end < 0) break
      const piece = rest.slice(0, end)
      rest = rest.slice(end + (inMail ? END_OF_MAIL.length : 2))
      if (inMail) {
        mails++
        lastMail = piece
        inMail = false
        replies += '250 taken\r\n'
      } else {
        inMail = /^DATA$/i.test(piece)
        replies += replyTo(piece)
      }
    }
    if (replies === '') return
    if (replies.endsWith('221 bye\r\n')) socket.end(replies)
    else socket.write(replies)
  })
}

function replyTo(command: string): string {
  switch (command.slice(0, 4).toUpperCase()) {
    case 'EHLO':
      return '250-sink\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n'
    case 'DATA':
      return '354 go on\r\n'
    case 'QUIT':
      return '221 bye\r\n'
    case 'HELO':
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return '250 ok\r\n'
    default:
      return '502 not here\r\n'
  }
}

const server = createServer(serve)
server.listen(0, '127.0.0.1')

answerParent(async () => {
  if (!server.listening) await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, mails, lastMail }
})
