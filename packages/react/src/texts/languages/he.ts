import type { NumberFieldTexts } from '../number-field-texts.ts'

// The isolates keep the direction of a time, which is written from left to right.
export const he: NumberFieldTexts = {
  label: 'הקוד מההודעה',
  resend: 'שליחת הקוד שוב',
  resendIn: 'שליחת הקוד שוב בעוד \u2068{time}\u2069',
  resendReady: 'עכשיו אפשר לשלוח את הקוד שוב.',
  resent: 'הקוד נשלח שוב.',
  notDigits: 'הקוד מורכב מספרות בלבד.',
  wrong: 'הקוד הזה אינו תקף. כדאי לבדוק בהודעה החדשה ביותר או להתחיל מחדש.',
  limited: 'יותר מדי ניסיונות. אפשר לנסות שוב בעוד \u2068{time}\u2069.',
  gone: 'פג תוקפו של הקוד הזה. יש להתחיל מחדש.',
  rejected: 'שרת הדואר של הכתובת הזאת סירב לקבל את ההודעה. האם הכתובת נכונה?',
  failed: 'זה לא הצליח. אפשר לנסות שוב.',
}
