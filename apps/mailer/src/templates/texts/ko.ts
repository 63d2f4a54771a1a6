import type { MailTexts } from '../mail-texts.ts'

export const ko: MailTexts = {
  subject: '{code}은(는) {tenant} 인증 코드입니다',
  subjectWithoutCode: '{tenant} 인증 코드',
  heading: '{tenant} 인증 코드',
  intro: '요청받은 곳에 입력하세요. 유효 시간은 {valid}이며 한 번만 사용할 수 있습니다.',
  openPage: '이 코드로 페이지 열기',
  keepItSecret: '아무에게도 알려 주지 마세요. {tenant}은(는) 전화, 메일, 채팅으로 코드를 묻지 않습니다.',
  footer: '요청하지 않으셨나요? 이 메일을 무시하세요. 코드 없이는 아무 일도 일어나지 않습니다.',
}
