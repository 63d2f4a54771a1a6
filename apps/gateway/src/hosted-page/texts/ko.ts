import type { PageTexts } from '../page-texts.ts'

export const ko: PageTexts = {
  title: '메일을 확인하세요',
  sent: '{tenant}에서 {email}(으)로 코드를 보냈습니다.',
  label: '메일에 있는 코드',
  go: '계속',
  resend: '코드 다시 보내기',
  resendIn: '코드 다시 보내기({time} 후)',
  resent: '코드를 다시 보냈습니다.',
  back: '{tenant}(으)로 돌아가기',
  wrong: '유효하지 않은 코드입니다. 가장 최근 메일을 확인하세요.',
  limited: '시도 횟수가 너무 많습니다. {time} 후에 다시 시도하세요.',
  rejected: '이 주소의 메일 서버가 메일을 거부했습니다.',
  goneTitle: '더 이상 유효하지 않은 코드입니다',
  gone: '이미 사용되었거나 만료되었거나 더 새로운 코드가 있습니다. 처음 페이지에서 다시 시작하세요.',
  unknownTitle: '없는 페이지입니다',
  unknown: '링크가 완전하지 않거나 서비스가 이 페이지를 사용하지 않습니다.',
  foreign: '이 양식은 다른 사이트에서 보낸 것입니다.',
  failedTitle: '처리하지 못했습니다',
  failed: '뒤로 돌아가 잠시 후 다시 시도하세요.',
  testMode: '테스트 모드: 메일을 보내지 않습니다.',
}
