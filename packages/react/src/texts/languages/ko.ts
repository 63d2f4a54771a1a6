import type { NumberFieldTexts } from '../number-field-texts.ts'

export const ko: NumberFieldTexts = {
  label: '메일에 있는 코드',
  resend: '코드 다시 보내기',
  resendIn: '코드 다시 보내기({time} 후)',
  resendReady: '이제 코드를 다시 보낼 수 있습니다.',
  resent: '코드를 다시 보냈습니다.',
  notDigits: '코드는 숫자로만 되어 있습니다.',
  wrong: '유효하지 않은 코드입니다. 가장 최근 메일을 확인하거나 처음부터 다시 시작하세요.',
  limited: '시도 횟수가 너무 많습니다. {time} 후에 다시 시도하세요.',
  gone: '만료된 코드입니다. 처음부터 다시 시작하세요.',
  rejected: '이 주소의 메일 서버가 메일을 거부했습니다. 주소가 맞나요?',
  failed: '처리하지 못했습니다. 다시 시도하세요.',
}
