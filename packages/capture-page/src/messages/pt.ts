import type { Messages } from './messages.ts';

export const messages: Messages = {
  pageTitle: 'Prova de vida',
  noScript: 'Esta prova usa a sua câmera e precisa de JavaScript. Ative o JavaScript e carregue a página de novo.',
  loading: { title: 'Um momento', words: '' },
  consent: {
    title: 'Prova rápida com a câmera',
    words: 'Precisamos ver que há uma pessoa real.',
    wordsFrom: (name) => `${name} pede que você mostre que há uma pessoa real.`,
    points: [
      'A sua câmera capta imagens do seu rosto por alguns segundos. Talvez seja preciso virar a cabeça.',
      'Elas servem só para ver se há uma pessoa: não procuramos saber quem você é.',
      'Elas são apagadas no máximo após cerca de 30 minutos.',
    ],
    primary: 'Aceitar e continuar',
    secondary: 'Não, voltar',
  },
  permission: {
    title: 'Permita a câmera',
    words: 'O navegador pode perguntar se esta página pode usar a câmera. Escolha “Permitir”.',
  },
  ready: {
    title: 'Coloque o rosto no oval',
    words: 'Segure a câmera na altura dos olhos, com luz uniforme.',
    primary: 'Começar',
    secondary: 'Cancelar',
  },
  capturing: { title: 'Fique parado', words: 'Olhe para a câmera até o anel ficar completo.' },
  prompts: {
    left: { title: 'Vire a cabeça para a esquerda', words: 'Devagar, e fique assim até a seta mudar.' },
    right: { title: 'Vire a cabeça para a direita', words: 'Devagar, e fique assim até a seta mudar.' },
    center: { title: 'Olhe para a câmera', words: 'Fique parado um momento.' },
  },
  hints: {
    find: 'Coloque o rosto no oval.',
    alone: 'Só você deve estar na imagem.',
    closer: 'Chegue um pouco mais perto.',
    further: 'Afaste-se um pouco.',
    center: 'Leve o rosto para o meio.',
    light: 'Procure um pouco mais de luz.',
    backlight: 'A luz está atrás de você: vire-se para ela.',
    still: 'Fique parado.',
    good: 'Bom. Fique assim.',
  },
  sending: {
    title: 'Verificando',
    words: 'Leva alguns segundos. A câmera está desligada.',
    slow: 'Ainda enviando. A sua conexão parece lenta; deixe esta página aberta.',
    sent: (percent) => `Chegaram ${percent} %.`,
    bar: 'Parte das imagens já enviada',
  },
  done: {
    title: 'Pronto',
    words: 'Você pode fechar esta página.',
    returning: 'Você pode fechar esta página. Voltando…',
    stillWorking: 'Ainda estamos trabalhando e não precisamos de mais nada. Você pode fechar esta página.',
    primary: 'Continuar',
  },
  failed: { tryAgain: 'Tentar de novo', goBack: 'Voltar', leave: 'Continuar' },
  troubles: {
    camera_denied: {
      title: 'A câmera está bloqueada',
      words:
        'Permita a câmera para esta página: pelo ícone ao lado do endereço ou nas configurações do navegador. Depois, tente de novo.',
    },
    camera_unanswered: {
      title: 'A câmera ainda não está ligada',
      words: 'A pergunta do navegador ficou sem resposta. Tente de novo e escolha “Permitir”.',
    },
    camera_missing: {
      title: 'Nenhuma câmera encontrada',
      words: 'Ligue uma câmera e tente de novo, ou abra este link em um telefone.',
    },
    camera_busy: {
      title: 'A câmera está em uso',
      words: 'Outro aplicativo ou aba pode estar usando a câmera. Feche-o e tente de novo.',
    },
    camera_lost: {
      title: 'A câmera parou',
      words: 'Ela foi desconectada ou desligada. Ligue-a e tente de novo.',
    },
    camera_silent: {
      title: 'A câmera não mostra imagem',
      words: 'A câmera está ligada, mas não mostra nada. Veja se está tampada ou escolha outra câmera e tente de novo.',
    },
    camera_unsupported: {
      title: 'Este navegador não pode usar a câmera aqui',
      words: 'Abra o link em uma versão atual do Chrome, Safari, Firefox ou Edge. O endereço deve começar com https.',
    },
    in_app_browser: {
      title: 'Abra esta página no seu navegador',
      words:
        'O aplicativo em que você está não deixa páginas usarem a câmera. Abra o menu dele e escolha “Abrir no navegador”.',
    },
    page_hidden: {
      title: 'Você saiu desta página',
      words: 'A câmera foi desligada enquanto isso. Tente de novo quando quiser.',
    },
    unreachable: {
      title: 'Sem conexão',
      words: 'Não conseguimos chegar ao servidor. Verifique a sua conexão e tente de novo.',
    },
    server_fault: {
      title: 'Algo não funcionou',
      words: 'A falha é nossa. Tente de novo daqui a pouco.',
    },
    unreadable_image: { title: 'Uma imagem estava danificada', words: 'Não foi possível lê-la. Tente de novo.' },
    too_few_frames: { title: 'Faltam imagens', words: 'Nem todas chegaram. Tente de novo.' },
    capture_superseded: {
      title: 'Aberta em outro lugar',
      words: 'Esta prova foi recomeçada em outra aba. Continue lá ou tente de novo aqui.',
    },
    capture_elsewhere: {
      title: 'Aberta em outro navegador',
      words: 'Esta prova foi começada em outro navegador ou aparelho. Continue lá.',
    },
    handoff_over: {
      title: 'Este código já não funciona',
      words: 'Já foi usado ou expirou. Mostre um novo código no computador e escaneie esse.',
    },
    challenge_too_late: {
      title: 'Demorou demais',
      words: 'Tente de novo e vire a cabeça assim que a seta aparecer.',
    },
    too_many_failures: {
      title: 'Hora de uma pausa',
      words: 'Houve várias tentativas em pouco tempo. Espere alguns minutos e tente de novo.',
    },
    capture_closed: { title: 'Esta tentativa foi encerrada', words: 'Tente de novo.' },
    check_expired: {
      title: 'Este link expirou',
      words: 'Volte para onde o recebeu e peça um novo.',
    },
    check_failed: {
      title: 'Não conseguimos concluir a prova',
      words: 'Volte para onde recebeu o link e peça um novo.',
    },
    unknown_link: {
      title: 'Este link não funciona',
      words: 'Veja se o endereço está completo ou peça um novo link.',
    },
    cancelled: {
      title: 'Prova cancelada',
      words: 'Nenhuma imagem está sendo captada. Você pode fechar esta página ou tentar de novo.',
    },
  },
  reasons: {
    NO_FACE: 'Não conseguimos ver o seu rosto. Coloque-o no oval.',
    MULTIPLE_FACES: 'Havia mais de um rosto na imagem. Deixe só você na imagem.',
    FACE_TOO_SMALL: 'O seu rosto estava longe demais. Chegue mais perto.',
    FACE_TOO_LARGE: 'O seu rosto estava perto demais. Afaste-se um pouco.',
    FACE_CUT_OFF: 'O seu rosto ficou cortado. Mantenha-o inteiro no oval.',
    TOO_DARK: 'Estava escuro demais. Procure mais luz.',
    TOO_BRIGHT: 'A luz era forte demais. Saia dela.',
    BLURRED: 'A imagem ficou borrada. Fique parado e limpe a lente.',
    TURNED_AWAY: 'O seu rosto estava virado. Olhe para a câmera.',
    FACE_COVERED: 'O seu rosto estava coberto. Tire a máscara ou os óculos escuros.',
    LOW_RESOLUTION: 'A imagem não estava nítida. Limpe a lente ou use outra câmera.',
    TOO_FEW_FRAMES: 'Houve poucas imagens boas. Fique no oval até o fim.',
    CHALLENGE_NOT_FOLLOWED: 'Vire a cabeça para onde a seta aponta, um passo de cada vez.',
    CHALLENGE_TOO_LATE: 'Vire a cabeça um pouco mais, assim que a seta aparecer.',
    FACE_CHANGED: 'Fique na imagem o tempo todo, sem movimentos rápidos.',
  },
  attempt: (number, of) => `Tentativa ${number} de ${of}.`,
  offline: 'Você está sem conexão. Continuamos quando ela voltar.',
  camera: { label: 'Câmera', unnamed: (number) => `Câmera ${number}` },
  cannotTurn: 'Não consigo virar a cabeça',
  handoff: {
    offer: 'Continuar no celular',
    waiting: {
      title: 'Continuar no celular',
      words: 'Aponte a câmera do celular para este código. Estamos esperando pelo seu celular.',
    },
    taken: { title: 'Continue no celular', words: 'O celular abriu a prova. Esta página avança sozinha.' },
    capturing: {
      title: 'O celular assume agora',
      words: 'Conclua a prova no celular e deixe esta página aberta.',
    },
    expired: { title: 'Este código expirou', words: 'Mostre um novo para continuar no celular.' },
    stay: 'Usar este computador',
    again: 'Mostrar um novo código',
    code: 'Código QR que abre esta prova no celular',
    address: 'Ou abra este link no celular',
    copy: 'Copiar link',
    copied: 'Link copiado',
    done: 'Volte ao seu computador. Pode fechar esta página.',
  },
  readAloud: 'Ler em voz alta',
};
